package org.bolide.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.bolide.api.management.HealthCheck.Problem;

/** The broker's metrics and Java's own, by JMX and as text. Safe for any number of threads. */
final class Exposition implements AutoCloseable {

    private static final int USUAL_BYTES = 32_768;

    private static final OperatingSystemMXBean PROCESS = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** A page. */
    record Page(String contentType, byte[] content) {}

    private final Health health;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final PrometheusMeterRegistry ofJava = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, registry, Clock.SYSTEM);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Beans beans;

    Exposition(Host host) {
        health = new Health(host);
        Survey survey = new Survey(host, health);
        beans = new Beans(survey::take);
        registry.register(new Prometheus(survey::take));
        try {
            // Against Prometheus's rules for names.
            ofJava.config().meterFilter(MeterFilter.deny(meter -> Set.of("process.cpu.time", "system.cpu.count").contains(meter.getName())));
            new JvmMemoryMetrics().bindTo(ofJava);
            collections.bindTo(ofJava);
            new JvmThreadMetrics().bindTo(ofJava);
            new ProcessorMetrics().bindTo(ofJava);
            FunctionCounter.builder("process.cpu", PROCESS, process -> process.getProcessCpuTime() / 1e9)
                    .baseUnit("seconds").description("Processor time that the process has used.").register(ofJava);
            new FileDescriptorMetrics().bindTo(ofJava);
            new UptimeMetrics().bindTo(ofJava);
            beans.register();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * All metrics, as text.
     *
     * @param accept the formats that the reader knows, as HTTP has it; may be null
     */
    Page metrics(String accept) {
        ExpositionFormatWriter writer = formats.findWriter(accept);
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        try {
            writer.write(out, registry.scrape());
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail to be written", e);
        }
        return new Page(writer.getContentType(), out.toByteArray());
    }

    /** What is wrong just now, the worst first. */
    List<Problem> problems() {
        return health.problems();
    }

    @Override
    public void close() {
        beans.unregister();
        collections.close();
        ofJava.close();
    }
}
