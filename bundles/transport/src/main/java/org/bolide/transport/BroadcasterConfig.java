package org.bolide.transport;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Broadcaster", description = "Sends events to subscribers; there may be several.")
@interface BroadcasterConfig {

    @AttributeDefinition(name = "Port", min = "0", max = "65535",
            description = "TCP port to which subscribers connect; 0 for any free one.")
    int port() default 8099;

    @AttributeDefinition(name = "Address", required = false,
            description = "Address of this machine to listen on; empty for all.")
    String address() default "";

    @AttributeDefinition(name = "Allow-list", required = false,
            description = "Networks that may subscribe, for example 192.0.2.0/24 or 2001:db8::/32; empty for everyone.")
    String[] allow() default {};

    @AttributeDefinition(name = "Root elements",
            description = "Root elements of the events that are sent: a name, a name with its namespace as {namespace}name, or * for all.")
    String[] roots() default "VOEvent";

    @AttributeDefinition(name = "Connections per peer", min = "0", max = "1000000",
            description = "How many connections one address may have at a time; 0 for no bound.")
    int maxConnectionsPerPeer() default 1024;

    @AttributeDefinition(name = "Sign of life", min = "1", max = "90",
            description = "After how long without another message an iamalive is sent, in seconds; a subscriber that does not answer three is disconnected.")
    int iamaliveSeconds() default 60;

    @AttributeDefinition(name = "Longest wait for an ack", min = "1", max = "86400",
            description = "How long an event may stay without ack and nak before its subscriber is disconnected, in seconds.")
    int unsettledSeconds() default 120;

    @AttributeDefinition(name = "Most events without an ack", min = "1", max = "1000000",
            description = "How many events may be without ack and nak before their subscriber is disconnected.")
    int maxUnsettled() default 10_000;

    @AttributeDefinition(name = "Drain", min = "0", max = "3600",
            description = "For how long, when the broker stops, subscribers that keep up are still sent what the log has, until they have acknowledged it, in seconds.")
    int drainSeconds() default 5;

    @AttributeDefinition(name = "Filters per connection", min = "0", max = "10000",
            description = "How many filters one subscriber may ask for.")
    int maxFilters() default 100;

    @AttributeDefinition(name = "Resumption", min = "0", max = "1440",
            description = "Within how many minutes a subscriber that lost its connection, and comes back from the same address, is sent again what it had not acknowledged; 0 for never.")
    int resumeMinutes() default 5;

    @AttributeDefinition(name = "Names per network", min = "0", max = "1000000",
            description = "How many subscribers of one network may have themselves remembered by a name; 0 for none. The network is the one on the allow-list, else the address.")
    int maxNamesPerNetwork() default 100;

    @AttributeDefinition(name = "Test events", min = "0", max = "31536000",
            description = "Time between the test events that this broker submits to itself, in seconds; 0 for none. Several broadcasters send one together.")
    int testIntervalSeconds() default 3600;
}
