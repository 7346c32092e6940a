package org.bolide.itests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.bolide.benchmarks.page.Night;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The product's page in a real browser, with the events of a night; each test begins with an empty tab. */
abstract class InABrowser {

    private static final int WIDTH = 1280;
    private static final int HEIGHT = 800;

    @TempDir
    static Path directory;

    static OpenPage page;

    @BeforeAll
    static void start() throws IOException {
        page = new OpenPage(directory, "--print-event");
        for (byte[] event : Night.events()) {
            page.accepted(event);
        }
    }

    @AfterAll
    static void stop() {
        if (page != null) {
            page.close();
        }
    }

    @BeforeEach
    void atADesk() {
        page.browser.open("about:blank");
        page.browser.size(WIDTH, HEIGHT);
    }

    @AfterEach
    void nothingWentWrongUnseen() {
        assertEquals(List.of(), page.browser.complaints());
    }
}
