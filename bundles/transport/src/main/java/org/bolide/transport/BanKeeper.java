package org.bolide.transport;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.KeptState;
import org.bolide.api.management.Bans;
import org.bolide.transport.BanList.Entry;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the bans with the log, by network: {@code SINCE UNTIL REASON}, with {@code -} for a ban without an end. Listeners
 * depend on it, so that no port opens before the bans are in force.
 */
@Component(service = {Bans.class, BanKeeper.class}, immediate = true)
public final class BanKeeper implements Bans {

    private static final Logger LOG = LoggerFactory.getLogger(BanKeeper.class);
    private static final String KIND = "ban";
    private static final String ENDLESS = "-";
    private static final int MAX_REASON = 300;

    private final BanList list;
    private final KeptState state;

    @Activate
    public BanKeeper(@Reference Node node, @Reference KeptState state) {
        this.list = node.bans();
        this.state = state;
        List<Entry> kept = new ArrayList<>();
        state.read(KIND).forEach((network, text) -> read(network, text).filter(entry -> !entry.isOver()).ifPresent(kept::add));
        kept.sort(Comparator.comparing(entry -> entry.ban().since()));
        list.set(kept);
        if (!kept.isEmpty()) {
            LOG.info("{} networks are banned: {}", kept.size(), String.join(", ", kept.stream().map(entry -> entry.ban().network()).toList()));
        }
    }

    private static Optional<Entry> read(String network, String text) {
        String[] parts = text.split(" ", 3);
        try {
            return Optional.of(new Entry(BanList.canonical(network), Instant.parse(parts[0]),
                    parts[1].equals(ENDLESS) ? Optional.empty() : Optional.of(Instant.parse(parts[1])), parts[2]));
        } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
            LOG.warn("The ban of '{}' that the log keeps cannot be read ('{}') and is not in force; ban the network again", network, text);
            return Optional.empty();
        }
    }

    @Override
    public List<Ban> bans() {
        return list.entries().stream().filter(entry -> !entry.isOver()).map(Entry::shown).toList();
    }

    @Override
    public synchronized int ban(String network, Optional<Instant> until, String reason) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Entry entry = new Entry(BanList.canonical(network), now, until, Shown.line(reason.strip(), MAX_REASON));
        if (entry.isOver()) {
            throw new IllegalArgumentException("a ban cannot end in the past: " + until.orElseThrow());
        }
        change(entry.ban().network(), Optional.of(entry));
        int closed = list.close(entry);
        LOG.info("{} is banned{}: {}; {} connections are closed", entry.ban().network(), until.map(end -> " until " + end).orElse(""),
                entry.ban().reason().isEmpty() ? "no reason given" : entry.ban().reason(), closed);
        return closed;
    }

    @Override
    public synchronized boolean lift(String network) {
        String lifted = BanList.canonical(network);
        boolean was = list.entries().stream().anyMatch(entry -> entry.ban().network().equals(lifted) && !entry.isOver());
        if (was) {
            change(lifted, Optional.empty());
            LOG.info("{} is no longer banned", lifted);
        }
        return was;
    }

    /** Replaces the ban of a network, and forgets those that are over. First on disk, then in force. */
    private void change(String network, Optional<Entry> with) {
        Map<String, Optional<String>> changes = new HashMap<>();
        List<Entry> now = new ArrayList<>();
        for (Entry entry : list.entries()) {
            if (entry.isOver()) {
                changes.put(entry.ban().network(), Optional.empty());
            } else if (!entry.ban().network().equals(network)) {
                now.add(entry);
            }
        }
        changes.put(network, with.map(entry -> text(entry.ban())));
        state.write(KIND, changes);
        with.ifPresent(now::add);
        list.set(now);
    }

    private static String text(Ban ban) {
        return ban.since() + " " + ban.until().map(Instant::toString).orElse(ENDLESS) + " " + ban.reason();
    }
}
