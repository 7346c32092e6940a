package org.bolide.transport;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(name = "Subscription", description = "Takes events from a remote broker; there may be several.")
@interface SubscriptionConfig {

    @AttributeDefinition(name = "Host",
            description = "Remote broker's name or address, for example voevent.example.org or 2001:db8::7.")
    String host();

    @AttributeDefinition(name = "Port", min = "1", max = "65535",
            description = "Port on which the remote broker has its subscribers.")
    int port() default 8099;

    @AttributeDefinition(name = "Filters", required = false,
            description = "Filters that the remote broker is asked for: an event is taken if it passes any of them, or if there are none; what comes all the same is refused.")
    String[] filters() default {};

    @AttributeDefinition(name = "Filter language", options = {@Option("xpath"), @Option("xquery")},
            description = "Language of the filters; a remote broker must know it: xquery is known to Bolide only, and to be allowed there.")
    String filterLanguage() default "xpath";

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

    @AttributeDefinition(name = "Remembered",
            description = "Whether a remote Bolide is asked to remember what this broker has acknowledged, so that nothing is missed while either of them is down; this broker needs an identifier for that.")
    boolean remembered() default true;
}
