package org.bolide.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** VOEvents written for these tests in the form of the real streams, without faults. Each call returns a fresh copy. */
public final class SampleEvents {

    private SampleEvents() {
    }

    /** VOEvent 2.0, as GCN sends a Swift BAT position: many Params, groups, a sky position; indented, 4.6 KB. */
    public static byte[] swift() {
        return resource("swift");
    }

    /** VOEvent 2.0, as GCN sends a Fermi GBM position. */
    public static byte[] fermi() {
        return resource("fermi");
    }

    /** VOEvent 1.1, role {@code utility}, as GCN sent INTEGRAL's pointings: its position is in the STC namespace. */
    public static byte[] integral() {
        return resource("integral");
    }

    /** VOEvent 2.0, role {@code utility}: a position without a time, and a comment before the root element. */
    public static byte[] utility() {
        return resource("utility");
    }

    /** VOEvent 2.0, role {@code test}: the smallest, in one line, as brokers send it each hour. */
    public static byte[] test() {
        return resource("test");
    }

    /** VOEvent 2.0 with four citations, one of them empty, and a table. */
    public static byte[] citing() {
        return resource("citing");
    }

    /** VOEvent 2.1, role {@code prediction}: the local part of its IVOID stands behind a question mark. */
    public static byte[] v21() {
        return resource("v21");
    }

    /** All of the above. */
    public static List<byte[]> all() {
        return List.of(swift(), fermi(), integral(), utility(), test(), citing(), v21());
    }

    /** Starts a VOEvent 2.0 of role {@code test} with the given IVOID. */
    public static Builder event(String ivoid) {
        return new Builder(ivoid);
    }

    private static byte[] resource(String name) {
        try (InputStream in = SampleEvents.class.getResourceAsStream("events/" + name + ".xml")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A small VOEvent 2.0, to order. Values are escaped, not checked: it can be given faults. */
    public static final class Builder {

        private final String ivoid;
        private final List<String> params = new ArrayList<>();
        private String role = "test";
        private String author = "ivo://author.example/tests";
        private String contactName = "A. Author";
        private String date = "2026-03-20T12:00:00";
        private String description = "Written for a test.";

        private Builder(String ivoid) {
            this.ivoid = ivoid;
        }

        public Builder role(String value) {
            role = value;
            return this;
        }

        /** {@code Who/AuthorIVORN}. */
        public Builder author(String value) {
            author = value;
            return this;
        }

        /** {@code Who/Author/contactName}. */
        public Builder contactName(String value) {
            contactName = value;
            return this;
        }

        /** {@code Who/Date}. */
        public Builder date(String value) {
            date = value;
            return this;
        }

        /** {@code Description}: long ones make long events. */
        public Builder description(String value) {
            description = value;
            return this;
        }

        public Builder param(String name, String value) {
            params.add("<Param name=\"" + escape(name) + "\" value=\"" + escape(value) + "\"/>");
            return this;
        }

        /** The event, in UTF-8. */
        public byte[] bytes() {
            return toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return """
                    <?xml version="1.0" encoding="UTF-8"?>
                    <voe:VOEvent xmlns:voe="http://www.ivoa.net/xml/VOEvent/v2.0" version="2.0" role="%s" ivorn="%s">
                      <Who>
                        <AuthorIVORN>%s</AuthorIVORN>
                        <Author><contactName>%s</contactName></Author>
                        <Date>%s</Date>
                      </Who>%s
                      <Description>%s</Description>
                    </voe:VOEvent>
                    """.formatted(escape(role), escape(ivoid), escape(author), escape(contactName), escape(date),
                    params.isEmpty() ? "" : "\n  <What>" + String.join("", params) + "</What>", escape(description));
        }

        private static String escape(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
        }
    }
}
