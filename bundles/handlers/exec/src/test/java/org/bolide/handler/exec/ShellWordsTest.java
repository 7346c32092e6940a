package org.bolide.handler.exec;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ShellWordsTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "mail",
        "  mail   -s  Alert\tgrb@example.org ",
        "mail -s 'a  burst' \"of  words\"",
        "a'b c'd\"e f\"g",
        "'' \"\" x''",
        "\\'a\\ b\\\"  \\\\",
        "'no \\ escape $HOME `here`'",
        "\"it's \\\"quoted\\\" \\\\ \\$HOME \\`x\\` \\n\"",
        "'//Who/Author[contactName=\"KSK\"]'",
        "Größe '彗星'"})
    void shouldSplitAsAShellDoes(String line) throws Exception {
        Process shell = new ProcessBuilder("sh", "-s").start();
        shell.getOutputStream().write(("printf '%s\\0' " + line + "\n").getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(List.of(words.substring(0, words.length() - 1).split("\0", -1)), ShellWords.split(line));
    }

    @Test
    void shouldExpandNothing() {
        assertEquals(List.of("a", "$HOME", "*", "|", "cat>b", ";", "`x`", "~", "&"),
                ShellWords.split("a $HOME * | cat>b ; `x` ~ &"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', value = {
        "a 'b,a quote (') at character 3 that is never closed",
        "\"a\\\",a quote (\") at character 1",
        "a\\,lone backslash",
        "~  ~,command is empty"})
    void shouldSayWhatIsWrong(String line, String message) {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> ShellWords.split(line));

        assertTrue(failure.getMessage().contains(message), failure.getMessage());
    }
}
