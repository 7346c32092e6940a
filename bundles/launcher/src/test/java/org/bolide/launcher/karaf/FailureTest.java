package org.bolide.launcher.karaf;

import org.junit.jupiter.api.Test;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

import static org.junit.jupiter.api.Assertions.assertEquals;

class FailureTest {

    private final ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();

    private ComponentConfigurationDTO failedWith(String trace) {
        configuration.description = new ComponentDescriptionDTO();
        configuration.description.name = "the log";
        configuration.failure = trace;
        return configuration;
    }

    @Test
    void shouldTellTheInnermostCause() {
        assertEquals("the log: /x is in use by another broker", Failure.of(failedWith("""
                java.lang.reflect.InvocationTargetException
                \tat a.b.C.d(C.java:1)
                Caused by: java.io.IOException: cannot open
                \t... 3 more
                Caused by: java.lang.IllegalStateException: /x is in use by another broker
                \t... 4 more
                """)));
        assertEquals("the log: no room", Failure.of(failedWith("java.io.IOException: no room\n\tat a.b")));
        assertEquals("the log: the reason is in the log", Failure.of(failedWith(null)));
    }

    @Test
    void shouldTellWhatAComponentWaitsFor() {
        assertEquals("no bundle has taken the configuration", Failure.waitingFor(null));
        UnsatisfiedReferenceDTO reference = new UnsatisfiedReferenceDTO();
        reference.name = "store";
        reference.target = "(a=b)";
        configuration.unsatisfiedReferences = new UnsatisfiedReferenceDTO[] {reference};
        assertEquals("it waits for store (a=b)", Failure.waitingFor(configuration));
    }
}
