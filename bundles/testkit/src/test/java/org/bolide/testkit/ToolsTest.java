package org.bolide.testkit;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.IncompleteExecutionException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ToolsTest {

    @Test
    void shouldFindAProgramInPathOrInTheGivenDirectories() {
        assertEquals("java", Tools.find("java", System.getProperty("java.home") + "/bin").getFileName().toString());
        assertTrue(Tools.find("ls", "/nowhere", "/nowhere/*/bin").isAbsolute());
    }

    @Test
    void shouldAbortTheTestWhereAProgramIsAbsentAndFailItInContinuousIntegration() {
        Class<? extends Throwable> expected = "true".equals(System.getenv("CI"))
                ? AssertionFailedError.class
                : IncompleteExecutionException.class;
        Throwable thrown = assertThrows(expected, () -> Tools.find("no-such-program", "/nowhere"));
        assertTrue(thrown.getMessage().startsWith("not run: no-such-program: "), thrown.getMessage());
    }
}
