package org.bolide.metrics;

import java.util.List;

import static org.bolide.metrics.Family.Type.COUNTER;
import static org.bolide.metrics.Family.Type.GAUGE;
import static org.bolide.metrics.Family.Type.HISTOGRAM;
import static org.bolide.metrics.Family.Type.INFO;
import static org.bolide.metrics.Family.Type.UNTYPED;

/**
 * The metrics of the broker, each with its name as Prometheus shows it, its meaning and its labels. No label's values come from
 * strangers: they are the operator's own names, words of this program, and streams, of which the watch keeps a bounded number.
 * {@code docs/metrics.md} describes each for operators.
 */
enum Family {

    RUN(INFO, "bolide_info", "The versions of the product and of Java; always 1.", "version", "java"),
    READY(GAUGE, "bolide_ready", "Whether /health/ready says so: 1 or 0."),
    PROBLEMS(GAUGE, "bolide_problems", "Things that are wrong just now, by weight.", "weight"),
    SCRAPE_FAILURES(COUNTER, "bolide_scrape_failures_total", "Components that could not tell their figures when asked."),

    EVENTS(COUNTER, "bolide_events_total", "Events submitted, by what became of them.", "result"),
    REFUSED(COUNTER, "bolide_events_refused_total", "Events refused, by the reason.", "reason"),
    FAULTY(COUNTER, "bolide_events_faulty_total", "Events taken from remote brokers although they have faults."),
    ADMIT(HISTOGRAM, "bolide_admit_seconds", "From the event whole in memory to its receipt."),
    COMMIT(HISTOGRAM, "bolide_commit_seconds", "One commit of the event log, with the sync to disk."),

    SEQUENCE(GAUGE, "bolide_log_sequence", "The sequence of the newest event in the log."),
    LOG_EVENTS(GAUGE, "bolide_log_events", "Events in the log."),
    LOG_CONTENT(GAUGE, "bolide_log_content_bytes", "The contents of the events in the log, as received."),
    LOG_DISK(GAUGE, "bolide_log_disk_bytes", "What the log takes on disk."),
    LOG_FREE(GAUGE, "bolide_log_disk_free_bytes", "What the disk that the log is on has left."),
    LOG_DIGESTS(GAUGE, "bolide_log_digests_in_memory", "Digests of events held in memory, to know duplicates."),
    APPENDED(COUNTER, "bolide_log_appended_events_total", "Events written to the log."),
    DUPLICATES(COUNTER, "bolide_log_duplicate_events_total", "Events not written because the log knew them."),
    LOG_FAILURES(COUNTER, "bolide_log_failures_total", "Work on the log that failed, by kind.", "work"),
    EXPIRED(COUNTER, "bolide_log_expired_total", "What was forgotten for its age or for the log's size.", "what"),
    HELD(COUNTER, "bolide_log_slowed_total", "Batches held back because most readers were behind."),
    HELD_TIME(COUNTER, "bolide_log_slowed_seconds_total", "How long batches were held back."),

    CONNECTIONS(COUNTER, "bolide_connections_total", "Connections taken by a listener.", "component"),
    CONNECTIONS_REFUSED(COUNTER, "bolide_connections_refused_total", "Connections that a listener turned away, by the reason.",
            "component", "reason"),
    CLIENTS(GAUGE, "bolide_clients", "Authors and subscribers connected just now.", "component", "role"),
    RECEIVED(COUNTER, "bolide_receiver_events_total", "Events from authors, by what became of them.", "receiver", "result"),
    RECEIVER_FAULTS(COUNTER, "bolide_receiver_faults_total", "What authors did wrong or too fast.", "receiver", "fault"),

    DELIVERIES(COUNTER, "bolide_deliveries_total", "Events sent, to each subscriber one.", "broadcaster"),
    ACKNOWLEDGED(COUNTER, "bolide_acknowledgements_total", "Events that subscribers acknowledged.", "broadcaster"),
    DELIVER(HISTOGRAM, "bolide_deliver_seconds", "From an event's receipt to its being handed to a subscriber's socket.", "broadcaster"),
    UNACKNOWLEDGED(GAUGE, "bolide_unacknowledged_events", "Events sent to subscribers and not yet answered.", "broadcaster"),
    SUBSCRIBER_LAG(GAUGE, "bolide_subscriber_lag_events", "How far the subscriber that is most behind is behind the log.", "broadcaster"),
    CUT(COUNTER, "bolide_cut_subscribers_total", "Subscribers whose connection was cut, by the reason.", "broadcaster", "reason"),
    SUBSCRIBER_FILTERS(COUNTER, "bolide_subscriber_filter_faults_total", "Subscribers' filters refused or taken away.",
            "broadcaster", "fault"),
    BROADCASTER_WORK(COUNTER, "bolide_broadcaster_actions_total", "What else a broadcaster did.", "broadcaster", "action"),

    REMOTE_CONNECTED(GAUGE, "bolide_remote_connected", "Whether the connection to the remote broker stands: 1 or 0.", "remote"),
    REMOTE_CLOCK(GAUGE, "bolide_remote_clock_ahead_seconds", "How much the remote's clock is ahead of this one.", "remote"),
    REMOTE_EVENTS(COUNTER, "bolide_remote_events_total", "Events from a remote broker, by what became of them.", "remote", "result"),
    MISSED(COUNTER, "bolide_remote_missed_events_total", "Events of a remote broker that this one can get no more.", "remote"),
    REMOTE_LINK(COUNTER, "bolide_remote_connection_changes_total", "Connections to a remote broker made, failed and lost.",
            "remote", "change"),
    REMOTE_WORK(COUNTER, "bolide_remote_actions_total", "What else a subscription did.", "remote", "action"),

    LANE_LAG(GAUGE, "bolide_lane_lag_events", "How far a handler's place is behind the newest event.", "handler"),
    LANE_STATE(GAUGE, "bolide_lane_state", "1 for what a handler's lane does just now, 0 for what it does not.", "handler", "state"),
    LANE_EVENTS(COUNTER, "bolide_lane_events_total", "Events that a handler was given, by how that ended.", "handler", "result"),
    HANDLE(HISTOGRAM, "bolide_handle_seconds", "One call of a handler.", "handler"),

    FILTERS(GAUGE, "bolide_filters", "Distinct filters in use.", "language"),
    FILTER_TIME(COUNTER, "bolide_filter_seconds_total", "Time spent on filters.", "language"),
    FILTER_VERDICTS(COUNTER, "bolide_filter_verdicts_total", "Decisions of filters on events that needed an evaluation."),
    FILTER_FAULTS(COUNTER, "bolide_filter_faults_total", "Evaluations that ended in an error or cost too much.", "fault"),
    FILTER_TEXTS(COUNTER, "bolide_filter_texts_total", "Filters' texts compiled and refused.", "result"),
    FILTER_TREES(COUNTER, "bolide_filter_trees_total", "Events parsed for a filter.", "result"),
    RULES(COUNTER, "bolide_rule_decisions_total", "Decisions of the owner's rules.", "kind", "rule", "decision"),
    VOCABULARY(COUNTER, "bolide_vocabulary_events_total", "Events read by a configured vocabulary.", "vocabulary", "result"),
    SCHEMAS(COUNTER, "bolide_vocabulary_refused_schemas_total", "Schemas of a configured vocabulary that could not be used.", "vocabulary"),

    STREAM_EVENTS(COUNTER, "bolide_stream_events_total", "Events of a stream, or that a remote broker has brought.", "kind", "stream"),
    STREAM_LAST(GAUGE, "bolide_stream_last_event_timestamp_seconds", "When the stream's last event came, since 1970.", "kind", "stream"),
    STREAM_SILENT(GAUGE, "bolide_stream_silent", "Whether the stream is silent for longer than is usual: 1 or 0.", "kind", "stream"),
    STREAM_ALARMS(COUNTER, "bolide_stream_alarms_total", "Streams and remote brokers that have fallen silent."),
    STREAM_FORGOTTEN(COUNTER, "bolide_stream_forgotten_total", "Streams forgotten because there were newer ones."),
    WATCHED(COUNTER, "bolide_stream_watched_events_total", "Events that the watch of the streams went through.", "result"),

    OTHER(UNTYPED, "bolide_other", "Counts that have no metric of their own yet.", "component", "count"),
    OTHER_TIME(HISTOGRAM, "bolide_other_seconds", "Times that have no metric of their own yet.", "component", "time");

    /** What a figure is; in the words of the text format. */
    enum Type {
        COUNTER, GAUGE, HISTOGRAM, INFO, UNTYPED
    }

    private final Type type;
    private final String shown;
    private final String help;
    private final List<String> labels;

    Family(Type type, String shown, String help, String... labels) {
        this.type = type;
        this.shown = shown;
        this.help = help;
        this.labels = List.of(labels);
    }

    Type type() {
        return type;
    }

    /** The name as Prometheus shows it; a histogram's without {@code _bucket}, {@code _sum} and {@code _count}. */
    String shown() {
        return shown;
    }

    String help() {
        return help;
    }

    List<String> labels() {
        return labels;
    }
}
