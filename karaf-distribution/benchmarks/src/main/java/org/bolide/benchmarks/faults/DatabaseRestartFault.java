package org.bolide.benchmarks.faults;

import java.util.ArrayList;
import java.util.List;

import org.bolide.testkit.PostgresServer;

/** The PostgreSQL server with the log crashes and comes back, under load. */
final class DatabaseRestartFault implements Fault {
    private static final Amount RESTARTS = new Amount("restarts", 2, 10);
    private static final int AUTHORS = 8;
    private static final int WINDOW = 4;
    private static final int ENOUGH = 200;

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public String promise() {
        return "the PostgreSQL server crashes and comes back under load: nothing is lost, nothing is repeated, acknowledgements resume by themselves";
    }

    @Override
    public List<Amount> amounts() {
        return List.of(RESTARTS);
    }

    @Override
    public void run(Setting setting, Figures figures) throws Exception {
        Recorded recorded = new Recorded(setting.folder().resolve("recorded"));
        int restarts = setting.of(RESTARTS);
        List<Long> resumed = new ArrayList<>();
        try (PostgresServer server = new PostgresServer(); BrokerProcess broker = setting.broker("remote-log").recordTo(recorded.file())) {
            broker.configure("org.bolide.eventstore.cfg", "databaseUrl = " + server.url("postgres") + "\ndatabaseUser = " + PostgresServer.USER + "\ndatabasePassword = "
                    + server.password());
            broker.start();
            try (Subscriber live = new Subscriber(broker.broadcastPort);
                    Authors authors = new Authors("database", broker.receivePort, AUTHORS, WINDOW, 0).start()) {
                for (int restart = 0; restart < restarts; restart++) {
                    authors.ledger().awaitMore(ENOUGH);
                    server.stop();
                    server.start();
                    long back = System.nanoTime();
                    authors.ledger().awaitMore(1);
                    resumed.add(System.nanoTime() - back);
                }
                authors.ledger().awaitMore(ENOUGH);
                Ledger ledger = authors.finish();
                figures.put("restarts", restarts);
                figures.put("acknowledged", ledger.count());
                figures.put("submitted-again", ledger.repeated().size());
                figures.putTimes("resumed", Times.of(resumed));
                Checks.inLog(ledger, LogContents.of(server));
                Checks.recorded(ledger, recorded, 0);
                live.awaitAll(ledger.acknowledged());
                Checks.once(live);
                broker.terminate();
            }
        }
    }
}
