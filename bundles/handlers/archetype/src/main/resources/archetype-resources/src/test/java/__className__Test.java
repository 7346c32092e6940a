#set($symbol_pound = "#")
package ${package};

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.bolide.testkit.HandlerRun;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ${className}Test {

    @TempDir
    Path folder;

    @Test
    void shouldListEvents() throws Exception {
        HandlerRun run = new HandlerRun(new ${className}(folder.resolve("table"), true));

        run.give(SampleEvents.swift(), SampleEvents.test());

        List<String> lines = Files.readAllLines(folder.resolve("table"));
        assertEquals(2, lines.size());
        assertEquals("1\tivo://nasa.gsfc.gcn/SWIFT${symbol_pound}BAT_GRB_Pos_700101-352\t104.2718\t41.3101", lines.get(0));
    }

    @Test
    void shouldLeaveOutTestsWhenToldTo() throws Exception {
        HandlerRun run = new HandlerRun(new ${className}(folder.resolve("table"), false));

        run.give(SampleEvents.swift(), SampleEvents.test());

        assertEquals(List.of(1L), run.done());
        assertEquals(List.of(2L), run.discarded());
    }

    @Test
    void shouldTryAgainWhenTheTableCannotBeWritten() throws Exception {
        HandlerRun run = new HandlerRun(new ${className}(folder.resolve("nosuch/table"), true));

        run.give(SampleEvents.swift());
        assertEquals(List.of(1L), run.failed());

        Files.createDirectory(folder.resolve("nosuch"));
        run.again();
        assertEquals(List.of(1L), run.done());
    }
}
