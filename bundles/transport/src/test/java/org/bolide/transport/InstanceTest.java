package org.bolide.transport;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class InstanceTest {

    @Test
    void shouldNameAComponentAndItsFileByThePid() {
        assertEquals(new Instance("receiver.public", "etc/org.bolide.transport.receiver~public.cfg.json"),
                Instance.of("receiver", Map.of("service.pid", "org.bolide.transport.receiver~public")));
        assertEquals(new Instance("transport", "etc/org.bolide.transport.cfg"),
                Instance.of("transport", Map.of("service.pid", "org.bolide.transport")));
    }
}
