package org.bolide.transport;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Subscription", description = "Takes events from a remote broker; there may be several.")
@interface SubscriptionConfig {

    @AttributeDefinition(name = "Host",
            description = "Remote broker's name or address, for example voevent.example.org or 2001:db8::7.")
    String host();

    @AttributeDefinition(name = "Port", min = "1", max = "65535",
            description = "Port on which the remote broker has its subscribers.")
    int port() default 8099;

    @AttributeDefinition(name = "Filters", required = false,
            description = "XPath filters that the remote broker is asked for; it sends what passes any of them, or everything if there are none.")
    String[] filters() default {};

    @AttributeDefinition(name = "Largest event", min = "1024", max = "1073741824",
            description = "Largest event that is taken, in bytes; a larger one ends the connection, which is then made again.")
    int maxEventBytes() default 1_048_576;

    @AttributeDefinition(name = "Longest silence", min = "1", max = "86400",
            description = "After how long without any message the connection is made again, in seconds.")
    int idleSeconds() default 120;

    @AttributeDefinition(name = "Longest wait before reconnecting", min = "1", max = "86400",
            description = "Longest time between two attempts to connect, in seconds; the first is one second, each further one twice as long.")
    int reconnectMaxSeconds() default 60;

    @AttributeDefinition(name = "Refuse with nak",
            description = "Whether an event that this broker refuses is answered with nak; an ack, the default, keeps remote brokers from disconnecting.")
    boolean nakRefused() default false;
}
