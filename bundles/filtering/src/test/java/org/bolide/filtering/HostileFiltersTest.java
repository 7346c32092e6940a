package org.bolide.filtering;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.FilterSyntaxException;
import org.bolide.testkit.SharedData;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** Costly and malicious filters that others have collected: to compile one is cheap, or it is refused. */
class HostileFiltersTest {

    private final XPathLanguage language = new XPathLanguage(new FilterRegistry());

    @Test
    void shouldCompileOrRefuseEachInAMoment() throws IOException {
        Optional<Path> folder = SharedData.folder();
        if (folder.isEmpty()) {
            return;
        }
        List<String> lines = Files.readAllLines(folder.get().resolve("filters/hostile-filters.txt"));
        int taken = 0;
        int refused = 0;
        for (int i = 0; i + 1 < lines.size(); i++) {
            if (lines.get(i).matches("# H\\d.*")) {
                String name = lines.get(i);
                String filter = lines.get(++i);
                boolean compiles = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> compiles(filter), name);
                taken += compiles ? 1 : 0;
                refused += compiles ? 0 : 1;
                if (!name.contains("| xpath1 |")) {
                    assertEquals(false, compiles, name);
                }
            }
        }
        System.out.println("hostile filters: " + taken + " compiled, " + refused + " refused");
    }

    private boolean compiles(String filter) {
        try {
            language.compile(filter, Map.of());
            return true;
        } catch (FilterSyntaxException e) {
            return false;
        }
    }
}
