package org.bolide.vocabulary.xml;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import org.bolide.api.FilterLanguage;
import org.bolide.api.Vocabulary;
import org.bolide.testkit.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

import static org.awaitility.Awaitility.await;
import static org.bolide.vocabulary.xml.Vocabularies.GONICUS;
import static org.bolide.vocabulary.xml.Vocabularies.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class XmlVocabularyComponentTest {

    private static final String LEAVE = event("<NodeLeave><Id>n</Id></NodeLeave>");

    @TempDir
    Path base;
    /** What the framework was asked for, in order. */
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final FilterLanguage language = new JdkXPath();
    private XmlVocabularyComponent component;

    @AfterEach
    void stop() throws InterruptedException {
        if (component != null) {
            component.stop();
        }
    }

    @Test
    void shouldRegisterOnceItsLanguageIsThere() throws Exception {
        create(clacks());
        component.start();
        component.bindLanguage(language);
        awaitAsked("register {" + GONICUS + "}Event e=" + GONICUS);
        assertEquals(Optional.of("n"), read(LEAVE));
    }

    @Test
    void shouldStayRegisteredWhileItsLanguageIsReplaced() throws Exception {
        create(clacks());
        component.bindLanguage(language);
        component.start();
        awaitAsked("register {" + GONICUS + "}Event e=" + GONICUS);
        component.unbindLanguage(language);
        await().until(() -> !canRead());
        component.bindLanguage(new JdkXPath());
        await().until(this::canRead);
        assertEquals(1, asked.size(), asked::toString);
        component.stop();
        component.stop();
        assertEquals(List.of("unregister"), asked.subList(1, asked.size()));
    }

    @Test
    void shouldNotStartWithAWrongXPath() {
        create(clacks().role("///"));
        component.bindLanguage(language);
        String why = assertThrows(IllegalArgumentException.class, component::start).getMessage();
        assertTrue(why.contains("etc/org.bolide.vocabulary.xml~phones.cfg.json, key role: "), why);
        assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals("vocabulary-phones")));
    }

    @Test
    void shouldSayAWrongXPathWhenItsLanguageComesLater() {
        try (CapturedLog log = new CapturedLog()) {
            create(clacks().role("///"));
            component.start();
            component.bindLanguage(language);
            await().until(() -> log.text().contains("key role: '///' is no XPath"));
            assertEquals(List.of(), asked);
        }
    }

    @Test
    void shouldTakeNewSettingsAndRefuseWrongOnes() throws Exception {
        create(clacks());
        component.bindLanguage(language);
        component.start();
        awaitAsked("register {" + GONICUS + "}Event e=" + GONICUS);
        component.modified(clacks().author(""));
        assertEquals(Optional.empty(), read(LEAVE));
        component.modified(clacks().prefixes("f=" + GONICUS).author("*/f:Id"));
        awaitAsked("change {" + GONICUS + "}Event f=" + GONICUS);
        assertEquals(Optional.of("n"), read(LEAVE));
        try (CapturedLog log = new CapturedLog()) {
            component.modified(clacks().author("*["));
            component.modified(clacks().roots("a b"));
            assertTrue(log.text().contains("phones.cfg.json, key author: '*[' is no XPath") && log.text().contains("key roots: 'a b'"), log::text);
            assertTrue(log.lines().stream().filter(line -> line.endsWith("(refused; what was in force stays in force)")).count() == 2, log::text);
        }
        assertEquals(Optional.of("n"), read(LEAVE));
    }

    @Test
    void shouldTakeANewSchemaByItself() throws Exception {
        Files.createDirectories(base.resolve("etc/clacks"));
        create(clacks());
        component.bindLanguage(language);
        component.start();
        assertFalse(faults(LEAVE).isEmpty());
        Files.copy(Vocabularies.SHIPPED.resolve("etc/clacks/NodeLeave.xsd"), base.resolve("etc/clacks/NodeLeave.xsd"));
        await().atMost(Duration.ofSeconds(10)).until(() -> faults(LEAVE).isEmpty());
        Files.writeString(base.resolve("etc/clacks/NodeLeave.xsd"), "broken");
        await().until(() -> component.counters().get("schemas.refused") == 1);
        assertEquals(List.of(), faults(LEAVE));
        assertThrows(Exception.class, () -> faults("<a"));
        assertEquals(1, component.counters().get("events.malformed"));
        assertTrue(component.counters().get("events.good") > 0 && component.counters().get("events.faulty") > 0);
    }

    private Vocabularies.Draft clacks() {
        return Vocabularies.clacks().schemas(Files.exists(base.resolve("etc")) ? "etc/clacks" : Vocabularies.SHIPPED.resolve("etc/clacks").toString());
    }

    private void create(XmlVocabularyComponent.Config config) {
        BundleContext context = (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> base.toString();
                    case "registerService" -> {
                        asked.add("register " + shown((Dictionary<?, ?>) arguments[2]));
                        yield registration();
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        component = new XmlVocabularyComponent(context, config, Map.of("service.pid", "org.bolide.vocabulary.xml~phones"));
    }

    private ServiceRegistration<?> registration() {
        return (ServiceRegistration<?>) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ServiceRegistration.class},
                (proxy, method, arguments) -> {
                    asked.add(method.getName().equals("setProperties") ? "change " + shown((Dictionary<?, ?>) arguments[0]) : method.getName());
                    return null;
                });
    }

    private static String shown(Dictionary<?, ?> properties) {
        return String.join(" ", (String[]) properties.get(Vocabulary.ROOTS)) + Optional.ofNullable((String[]) properties.get(Vocabulary.PREFIXES))
                .map(prefixes -> " " + String.join(" ", Arrays.asList(prefixes))).orElse("");
    }

    private void awaitAsked(String what) {
        await().until(() -> asked.contains(what));
    }

    private boolean canRead() throws Exception {
        try {
            read(LEAVE);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private Optional<String> read(String document) throws Exception {
        return component.read(ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8))).header().author();
    }

    private List<String> faults(String document) throws Exception {
        return component.read(ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8))).faults();
    }
}
