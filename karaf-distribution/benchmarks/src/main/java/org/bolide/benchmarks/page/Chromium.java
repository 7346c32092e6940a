package org.bolide.benchmarks.page;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.bolide.testkit.Tools;
import org.openqa.selenium.chrome.AddHasCdp;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.chromium.ChromiumDriver;
import org.openqa.selenium.chromium.ChromiumDriverCommandExecutor;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.remote.http.ClientConfig;

/**
 * The machine's own chromium, without a window and without the internet. Selenium's {@code ChromeDriver} is not it: that
 * one brings a program that looks for browsers to download.
 */
final class Chromium extends ChromiumDriver {

    /** Held: a logger that nobody holds forgets its level. They complain that the protocol of this version is not known. */
    private static final List<Logger> LOGGERS = List.of(Logger.getLogger("org.openqa.selenium.devtools"),
            Logger.getLogger("org.openqa.selenium.chromium"));

    private final ChromeDriverService service;

    private Chromium(ChromeDriverService service, ChromeOptions options) {
        super(new ChromiumDriverCommandExecutor(service, new AddHasCdp().getAdditionalCommands(), ClientConfig.defaultConfig()),
                options, ChromeOptions.CAPABILITY);
        this.service = service;
    }

    /** @param profile a folder of its own; made */
    static Chromium start(Path profile) {
        LOGGERS.forEach(logger -> logger.setLevel(Level.SEVERE));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(Tools.find("chromedriver").toString()))
                .usingAnyFreePort()
                .withSilent(true)
                .build();
        try {
            return new Chromium(service, options(profile));
        } catch (RuntimeException e) {
            service.stop();
            throw e;
        }
    }

    private static ChromeOptions options(Path profile) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(Tools.find("chromium").toString());
        options.addArguments("--headless=new", "--user-data-dir=" + profile, "--lang=en", "--force-color-profile=srgb",
                // Containers have little of it.
                "--disable-dev-shm-usage", "--disable-gpu",
                // Nothing but this machine.
                "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
                "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync",
                "--disable-breakpad", "--disable-domain-reliability", "--metrics-recording-only", "--no-pings", "--no-first-run",
                // Memory is measured to the byte.
                "--enable-precise-memory-info");
        if (System.getProperty("user.name").equals("root")) {
            options.addArguments("--no-sandbox");
        }
        LoggingPreferences console = new LoggingPreferences();
        console.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, console);
        return options;
    }

    /** A command of the DevTools protocol; the driver's own method loses the answer. */
    Map<?, ?> protocol(String command, Map<String, Object> parameters) {
        return (Map<?, ?>) execute("executeCdpCommand", Map.of("cmd", command, "params", parameters)).getValue();
    }

    @Override
    public void quit() {
        try {
            super.quit();
        } finally {
            service.stop();
        }
    }
}
