package org.bolide.shell.service;

import java.util.List;

import org.bolide.api.management.CommandLine.Answer;
import org.bolide.api.management.CommandLine.Caller;
import org.bolide.shell.command.Commands;
import org.bolide.shell.command.TestServices;
import org.bolide.testkit.MemoryBroker;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CommandServiceTest {

    private final CommandService service = new CommandService(new Commands(new TestServices().with(new MemoryBroker())));

    private Answer run(boolean mayChange, String... words) throws InterruptedException {
        return service.run(List.of(words), new Caller("ada", "the page", mayChange));
    }

    @Test
    void shouldShowWhatACommandShows() throws Exception {
        assertEquals(new Answer(0, "[]\n", ""), run(false, "events", "list", "--json"));
    }

    @Test
    void shouldReadNoFilesOfTheBrokersMachine() throws Exception {
        Answer answer = run(true, "send", "/etc/hostname");
        assertEquals(64, answer.status());
        assertTrue(answer.refusal().contains("files"), answer.refusal());
    }

    @Test
    void shouldLetNobodyChangeThingsWhoMayOnlyLook() throws Exception {
        Answer answer = run(false, "test-event");
        assertTrue(answer.refusal().contains("needs the role admin"), answer.refusal());
    }

    @Test
    void shouldSayWhatIsNoCommand() throws Exception {
        assertTrue(run(true, "dance").refusal().contains("dance"));
        assertEquals(64, run(true, "dance").status());
    }
}
