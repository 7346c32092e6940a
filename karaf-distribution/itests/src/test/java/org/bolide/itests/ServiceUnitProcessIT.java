package org.bolide.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.bolide.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The unit for systemd that is in the archive, as systemd reads it. */
class ServiceUnitProcessIT {

    @TempDir
    Path directory;

    @Test
    void shouldBeUnderstoodBySystemd() throws Exception {
        String unit = Files.readString(Product.HOME.resolve("contrib/bolide.service"));
        assertTrue(unit.contains("ExecStart=/opt/bolide/bin/bolide "), unit);
        // systemd knows no blanks in the path of a program.
        Path link = Files.createSymbolicLink(directory.resolve("bolide"), Product.HOME);
        assertEquals("", verify(unit.replace("/opt/bolide/", link + "/")));
        assertTrue(verify(unit.replace("/opt/bolide/", directory + "/nowhere/")).contains("bolide"), "a wrong path would be seen");
        assertTrue(verify(unit.replace("RestartSec=", "RestartSecs=").replace("/opt/bolide/", link + "/")).contains("RestartSecs"), "a wrong key would be seen");
    }

    /** What systemd finds wrong. */
    private String verify(String unit) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("bolide.service"), unit);
        Process process = new ProcessBuilder(Tools.find("systemd-analyze").toString(), "verify", file.toString()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return said;
    }
}
