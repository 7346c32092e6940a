package org.bolide.benchmarks.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.logging.Level;

import org.awaitility.core.ConditionFactory;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

import static org.awaitility.Awaitility.await;

/**
 * A browser as a person uses it: what is clicked, typed into or read is waited for until it is there to be seen. Chromium
 * without a window; where it or its driver is absent, {@link org.bolide.testkit.Tools} says so. One thread.
 */
public final class Browser implements AutoCloseable {

    /** How long something is waited for. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int PHONE = 600;
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Chromium chromium;

    private Browser(Chromium chromium) {
        this.chromium = chromium;
        chromium.manage().timeouts().pageLoadTimeout(PATIENCE);
    }

    /** Starts one with a new profile in this folder. */
    public static Browser start(Path directory) {
        return new Browser(Chromium.start(directory.toAbsolutePath().resolve("profile")));
    }

    /** Goes to an address and waits until it has been loaded; to another {@code #…} of the same page at once. */
    public void open(String address) {
        chromium.get(address);
    }

    public String address() {
        return chromium.getCurrentUrl();
    }

    public String title() {
        return chromium.getTitle();
    }

    public void reload() {
        chromium.navigate().refresh();
    }

    public void back() {
        chromium.navigate().back();
    }

    /** The size of what the page is drawn on, in its own pixels; below 600 it is that of a phone. */
    public void size(int width, int height) {
        chromium.protocol("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < PHONE));
    }

    /** The first of the elements of this CSS selector that can be seen. */
    public WebElement see(String selector) {
        return waiting(selector + " on the page").until(() -> visible(selector).stream().findFirst().orElse(null), found -> found != null);
    }

    /** Waits until an element of this CSS selector can be seen that has this text in it, and returns it. */
    public WebElement see(String selector, String text) {
        return waiting("'" + text + "' in " + selector).until(() -> visible(selector).stream()
                .filter(element -> element.getText().contains(text)).findFirst().orElse(null), found -> found != null);
    }

    /** Waits until no element of this CSS selector can be seen. */
    public void seeNo(String selector) {
        waiting("no " + selector + " on the page").until(() -> visible(selector).isEmpty());
    }

    /** Those elements of this CSS selector that can be seen now. */
    public List<WebElement> visible(String selector) {
        return chromium.findElements(By.cssSelector(selector)).stream().filter(WebElement::isDisplayed).toList();
    }

    public List<String> texts(String selector) {
        return waiting("the texts of " + selector).until(() -> visible(selector).stream().map(WebElement::getText).toList(), texts -> true);
    }

    public void click(String selector) {
        act("to click " + selector, () -> see(selector).click());
    }

    /** Clicks what has this text in it. */
    public void click(String selector, String text) {
        act("to click '" + text + "' in " + selector, () -> see(selector, text).click());
    }

    /** Empties a field by its keys and types into it. */
    public void type(String selector, String text) {
        act("to type into " + selector, () -> {
            WebElement field = see(selector);
            field.click();
            field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
            field.sendKeys(text);
        });
    }

    /** Chooses one of the choices of a list by its text. */
    public void choose(String selector, String choice) {
        act("to choose " + choice + " of " + selector, () -> see(selector).findElements(By.tagName("option")).stream()
                .filter(option -> option.getText().equals(choice)).findFirst()
                .orElseThrow(() -> new NoSuchElementException(choice)).click());
    }

    /** Presses keys, wherever the focus is. */
    public void press(CharSequence... keys) {
        new Actions(chromium).sendKeys(keys).perform();
    }

    /** What has the focus. */
    public WebElement focused() {
        return chromium.switchTo().activeElement();
    }

    /** Runs a script in the page and returns what it returns. */
    public Object script(String script, Object... arguments) {
        return chromium.executeScript(script, arguments);
    }

    /** A number that an expression has in the page. */
    public double number(String expression) {
        return ((Number) chromium.executeScript("return " + expression)).doubleValue();
    }

    /** Whether an expression is true in the page. */
    public boolean holds(String expression) {
        return Boolean.TRUE.equals(chromium.executeScript("return !!(" + expression + ")"));
    }

    /** A command of Chromium's DevTools protocol. */
    public Map<?, ?> protocol(String command, Map<String, Object> parameters) {
        return chromium.protocol(command, parameters);
    }

    /** What the page's scripts complained of since the last call; what the browser itself says of connections is no part of it. */
    public List<String> complaints() {
        return chromium.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains("net::ERR_") && !message.contains("the server responded with a status"))
                .toList();
    }

    /** Writes what can be seen as PNG. */
    public void picture(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, chromium.getScreenshotAs(OutputType.BYTES));
    }

    /** Acts on something that the page may be drawing anew just then. */
    private static void act(String what, Runnable action) {
        waiting(what).until(() -> {
            action.run();
            return true;
        });
    }

    /** Waits for what the page does in a while; {@code what} is named if it does not. */
    public static ConditionFactory waiting(String what) {
        return await(what).pollInSameThread().pollDelay(Duration.ZERO).pollInterval(LOOK).atMost(PATIENCE)
                .ignoreExceptionsMatching(Browser::passes);
    }

    private static boolean passes(Throwable e) {
        return e instanceof StaleElementReferenceException || e instanceof NoSuchElementException
                || e instanceof WebDriverException driver && driver.getMessage().contains("click intercepted");
    }

    /** Waits until this is so, and returns it. */
    public static <T> T until(String what, Callable<T> value, Predicate<? super T> condition) {
        return waiting(what).until(value, condition);
    }

    @Override
    public void close() {
        chromium.quit();
    }
}
