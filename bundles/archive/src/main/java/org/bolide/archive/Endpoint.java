package org.bolide.archive;

import java.util.Arrays;
import java.util.Optional;

/** What can be asked. The names are those of voeventdb 1; {@code count} names for lists are those of its first versions. */
enum Endpoint {
    ROOT(""),
    COUNT("count"),
    EXPORT_TAR("export.tar"),
    EXPORT_VOT("export.vot"),
    LIST_IVORN("list/ivorn"),
    LIST_IVORN_CITED_COUNT("list/ivorn_cited_count"),
    LIST_IVORN_NCITES("list/ivorn_ncites"),
    LIST_IVORN_NREFS("list/ivorn_nrefs"),
    LIST_IVORN_REFERENCE_COUNT("list/ivorn_reference_count"),
    MAP_AUTHORED_MONTH_COUNT("map/authored_month_count"),
    MAP_ROLE_COUNT("map/role_count"),
    MAP_STREAM_COUNT("map/stream_count"),
    MAP_STREAM_ROLE_COUNT("map/stream_role_count"),
    PACKET_SYNOPSIS("packet/synopsis/"),
    PACKET_XML("packet/xml/");

    static final String BASE = "/apiv1";

    private final String name;

    Endpoint(String name) {
        this.name = name;
    }

    /** The endpoint at this path, which begins with a slash; that of a packet goes on with its IVORN. */
    static Optional<Endpoint> at(String path) {
        String name = path.isEmpty() ? "" : path.substring(1);
        return Arrays.stream(values()).filter(endpoint -> endpoint.isPacket()
                ? name.startsWith(endpoint.name) || name.concat("/").equals(endpoint.name)
                : name.equals(endpoint.name)).findFirst();
    }

    boolean isPacket() {
        return name.endsWith("/");
    }

    /** Of a packet's path, what names the packet, as it was sent. */
    String rest(String path) {
        return path.substring(Math.min(path.length(), name.length() + 1));
    }

    String path() {
        return BASE + "/" + name;
    }

    /** As an answer names it; in the form of Flask, on which voeventdb is built. */
    String rule() {
        return path() + (isPacket() ? "<path:url_encoded_ivorn>" : "");
    }
}
