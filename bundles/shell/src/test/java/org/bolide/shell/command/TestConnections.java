package org.bolide.shell.command;

import java.util.List;

import org.bolide.api.management.Connections;

/** A component with the peers that a test says. */
record TestConnections(Endpoint endpoint, List<Connection> connections, List<Departure> departures) implements Connections {

    TestConnections(Role peers, String component, String address, Connection... connections) {
        this(new Endpoint(component, peers, address, "ivo://org.example/broker"), List.of(connections), List.of());
    }

    TestConnections gone(Departure... departures) {
        return new TestConnections(endpoint, connections, List.of(departures));
    }

    @Override
    public int close(String peer, String reason) {
        throw new AssertionError("not asked for");
    }
}
