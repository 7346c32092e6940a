package org.bolide.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A fenced block that begins with {@code ```LANGUAGE file=PATH} is a part of that file; links and names of tests lead somewhere. */
class QuotationsTest {

    private static final Pattern QUOTATION = Pattern.compile("(?ms)^```\\w+ file=(\\S+)\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|mailto:|#)([^)#\\s]+)(#[^)]*)?\\)");
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(should\\w+)`");
    private static final List<Path> SOURCES = Documents.files(Documents.TOP, path -> path.toString().endsWith(".java"));

    @ParameterizedTest
    @MethodSource("org.bolide.docs.Documents#pages")
    void shouldQuoteFilesAsTheyAre(Path page) {
        Matcher quotation = QUOTATION.matcher(Documents.text(page));
        while (quotation.find()) {
            Path file = page.resolveSibling(quotation.group(1));
            assertTrue(Documents.text(file).contains(quotation.group(2)),
                    page + " quotes " + file + " otherwise than it is: copy it anew");
        }
    }

    @ParameterizedTest
    @MethodSource("org.bolide.docs.Documents#pages")
    void shouldNameTestsThatExist(Path page) {
        Matcher test = TEST.matcher(Documents.text(page));
        while (test.find()) {
            String file = test.group(1) + ".java";
            String method = "void " + test.group(2) + "(";
            assertTrue(SOURCES.stream().anyMatch(path -> path.endsWith(file) && Documents.text(path).contains(method)),
                    page + " names " + test.group() + ", which is not there");
        }
    }

    @ParameterizedTest
    @MethodSource("org.bolide.docs.Documents#pages")
    void shouldLinkToWhatIsThere(Path page) {
        Matcher link = LINK.matcher(Documents.text(page));
        while (link.find()) {
            assertTrue(Files.exists(page.resolveSibling(link.group(1))),
                    page + " links to " + link.group(1) + ", which is not there");
        }
    }
}
