package org.bolide.transport;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Receiver", description = "Takes events from authors; there may be several.")
@interface ReceiverConfig {

    @AttributeDefinition(name = "Port", min = "0", max = "65535",
            description = "TCP port on which authors submit events; 0 for any free one.")
    int port() default 8098;

    @AttributeDefinition(name = "Address", required = false,
            description = "Address of this machine to listen on; empty for all.")
    String address() default "";

    @AttributeDefinition(name = "Allow-list", required = false,
            description = "Networks whose authors may submit, for example 192.0.2.0/24 or 2001:db8::/32; empty for everyone.")
    String[] allow() default {};

    @AttributeDefinition(name = "Root elements",
            description = "Root elements of the events that are taken: a name, a name with its namespace as {namespace}name, or * for all that this broker knows.")
    String[] roots() default "VOEvent";

    @AttributeDefinition(name = "Largest event", min = "1024", max = "1073741824",
            description = "Largest event that is taken, in bytes.")
    int maxEventBytes() default 1_048_576;

    @AttributeDefinition(name = "Time-out", min = "1", max = "86400",
            description = "How long a connection may be silent, and how long one event may take to come, in seconds.")
    int timeoutSeconds() default 20;

    @AttributeDefinition(name = "Close after", min = "0", max = "60000",
            description = "How long a connection stays open for a second event after the receipt of the first, in milliseconds;"
                    + " 0 closes it at once. Connections that brought more stay until their author ends them or the time-out.")
    int closeAfterMillis() default 200;

    @AttributeDefinition(name = "Connections per peer", min = "0", max = "1000000",
            description = "How many connections one address may have at a time; 0 for no bound.")
    int maxConnectionsPerPeer() default 1024;

    @AttributeDefinition(name = "Events per second and peer", min = "0", max = "1000000000",
            description = "How many events a second one address may submit before it is slowed down; 0 for no bound.")
    int maxEventsPerSecondPerPeer() default 20_000;

    @AttributeDefinition(name = "Bytes per second and peer", min = "0",
            description = "How many bytes a second one address may submit before it is slowed down; 0 for no bound.")
    long maxBytesPerSecondPerPeer() default 134_217_728;

    @AttributeDefinition(name = "Bytes per day and peer", min = "0",
            description = "How many bytes of events one address may have taken in a day before its connections are closed without a receipt;"
                    + " 0 for no bound.")
    long maxBytesPerDayPerPeer() default 10_737_418_240L;
}
