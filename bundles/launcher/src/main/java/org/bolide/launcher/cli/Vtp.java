package org.bolide.launcher.cli;

/** The PIDs and keys that the broker's own options set. That they exist is checked against Metatype at each start. */
final class Vtp {

    static final String BROKER = "org.bolide.transport";
    static final String LOCAL_IVOID = "localIvoid";

    static final String RECEIVER = "org.bolide.transport.receiver";
    static final String BROADCASTER = "org.bolide.transport.broadcaster";
    static final String PORT = "port";
    static final String ADDRESS = "address";
    static final String ALLOW = "allow";
    static final String TEST_INTERVAL = "testIntervalSeconds";

    static final String SUBSCRIPTION = "org.bolide.transport.subscription";
    static final String HOST = "host";
    static final String FILTERS = "filters";

    static final String EVENT_STORE = "org.bolide.eventstore";
    static final String DIRECTORY = "directory";

    static final String EXEC = "org.bolide.handler.exec";
    static final String COMMAND = "command";

    static final String METRICS = "org.bolide.metrics";
    static final String SSH = "org.bolide.ssh";
    static final String PAGE = "org.bolide.web";

    static final int RECEIVE_PORT = 8098;
    static final int BROADCAST_PORT = 8099;
    static final int METRICS_PORT = 9464;
    static final int SSH_PORT = 8101;

    private Vtp() {}
}
