package org.bolide.itests;

import java.util.Map;

import org.slf4j.LoggerFactory;

/** The component in the jars that tests drop into deploy: it logs what happens to it. Runs where a configuration of its PID exists. */
public final class Probe {
    private String said;

    /** Called by the component runtime. */
    public void activate(Map<String, Object> configuration) {
        said = configuration.get("component.name") + " " + configuration.get("version") + " " + configuration.get("text");
        LoggerFactory.getLogger(Probe.class).info("UP {}", said);
    }

    /** Called by the component runtime. */
    public void modified(Map<String, Object> configuration) {
        LoggerFactory.getLogger(Probe.class).info("CHANGED to {}", configuration.get("text"));
    }

    /** Called by the component runtime. */
    public void deactivate() {
        LoggerFactory.getLogger(Probe.class).info("DOWN {}", said);
    }
}
