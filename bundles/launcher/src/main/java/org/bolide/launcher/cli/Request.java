package org.bolide.launcher.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line asks for, read but not yet compared with the files.
 *
 * @param receive listeners for authors; an empty text stands for the default port
 * @param broadcast listeners for subscribers, likewise
 * @param metrics ports for metrics and health, likewise
 * @param web whether the page is asked for
 * @param ssh ports for commands by ssh, likewise
 * @param console whether the terminal is for commands
 * @param forCommand the process of the command for which alone this run is there
 * @param verbosity 0, or more or less by one for each -v and -q
 * @param handlers handlers asked for by name, such as {@code save-event}
 * @param handlerValues by handler and key, the values given
 */
record Request(
        boolean help,
        boolean version,
        boolean console,
        Optional<String> base,
        Optional<String> pidFile,
        Optional<String> logFile,
        Optional<String> logFormat,
        Optional<Long> forCommand,
        int verbosity,
        Optional<String> localIvo,
        Optional<String> eventDb,
        List<String> receive,
        Optional<String> receivePort,
        List<String> authorAllow,
        List<String> broadcast,
        Optional<String> broadcastPort,
        Optional<String> testInterval,
        List<String> subscriberAllow,
        List<String> metrics,
        Optional<String> metricsPort,
        boolean web,
        Optional<String> webPort,
        Optional<String> webAddress,
        List<String> ssh,
        Optional<String> sshPort,
        List<String> remotes,
        List<String> filters,
        List<String> commands,
        Set<String> handlers,
        Map<String, Map<String, List<String>>> handlerValues) {}
