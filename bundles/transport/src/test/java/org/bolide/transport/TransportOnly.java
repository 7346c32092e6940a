package org.bolide.transport;

import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.bolide.testkit.MemoryBroker;

/**
 * A broker without a log and without checks, to measure or try the transport alone: arguments are the receiver's port, the
 * broadcaster's, and, if documents are to be looked at, {@code parse} and the port of a remote broker on this machine. Runs
 * until it is killed.
 */
final class TransportOnly {

    private TransportOnly() {
    }

    public static void main(String[] arguments) throws Exception {
        Languages languages = new Languages();
        languages.put("xpath", new JdkXPath());
        Node node = new Node(Ivoid.parse("ivo://test.broker/transport-only"), languages);
        MemoryBroker broker = new MemoryBroker();
        if (arguments.length < 3) {
            broker.withoutParsing();
        }
        Receiver receiver = new Receiver(new Instance("receiver", "arguments"), Configs.of(ReceiverConfig.class,
                Map.of("port", Integer.valueOf(arguments[0]), "address", "127.0.0.1", "maxEventsPerSecondPerPeer", 0)), node, broker);
        Broadcaster broadcaster = new Broadcaster(new Instance("broadcaster", "arguments"), Configs.of(BroadcasterConfig.class,
                Map.of("port", Integer.valueOf(arguments[1]), "address", "127.0.0.1", "maxConnectionsPerPeer", 0)), node, broker, broker, null);
        if (arguments.length > 3) {
            Subscription subscription = new Subscription(new Instance("subscription", "arguments"), Configs.of(SubscriptionConfig.class,
                    Map.of("host", "127.0.0.1", "port", Integer.valueOf(arguments[3]), "filters", new String[] {"//Who"})), node, broker, broker);
            subscription.open();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.err.println(subscription.counters().counters())));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.err.println(receiver.counters().counters());
            System.err.println(broadcaster.counters().counters());
        }));
        new CountDownLatch(1).await();
    }
}
