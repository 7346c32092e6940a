package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a run is given.
 *
 * @param home the unpacked product
 * @param folder empty, for all that the run writes
 * @param full whether the amounts are the full ones
 * @param changed amounts by name that are neither
 */
public record Setting(Path home, Path folder, boolean full, Map<String, Integer> changed) {

    int of(Amount amount) {
        return changed.getOrDefault(amount.name(), full ? amount.full() : amount.small());
    }

    /** A broker of its own in the run's folder. */
    BrokerProcess broker(String name) throws IOException {
        return new BrokerProcess(home, folder.resolve(name));
    }
}
