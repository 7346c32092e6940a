package org.bolide.watch;

import java.lang.reflect.Proxy;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RulesTest {

    private static WatchConfig config(Map<String, Object> values) {
        return (WatchConfig) Proxy.newProxyInstance(WatchConfig.class.getClassLoader(), new Class<?>[] {WatchConfig.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    @Test
    void shouldTakeWhatIsSet() {
        assertEquals(new Rules(true, new Cadence.Settings(1, 20, 6, 3)), Rules.of(config(Map.of())));
        assertEquals(new Rules(false, new Cadence.Settings(0.5, 5, 0, 0)),
                Rules.of(config(Map.of("alarm", false, "minSilenceSeconds", 1_800, "learnEvents", 5, "learnHours", 0, "rhythmDays", 0))));
    }

    @Test
    void shouldNameFileAndKeyOfABadValue() {
        String message = assertThrows(IllegalArgumentException.class, () -> Rules.of(config(Map.of("learnEvents", 1)))).getMessage();
        assertTrue(message.contains("etc/org.bolide.watch.cfg, key learnEvents: 1 is out of range"), message);
    }
}
