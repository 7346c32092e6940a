package org.bolide.metrics;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Supplier;

import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The same figures by JMX: an MBean {@code org.bolide:type=Metrics,name=…} for each metric, with an attribute for each set of
 * labels, {@code receiver=public result=accepted}, or {@code Value} where there are no labels. A histogram has two attributes,
 * the number and the sum. Java's own figures are in Java's own MBeans.
 */
final class Beans {

    private static final long FRESH_NANOS = 500_000_000;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Supplier<Readings> readings;
    private final List<ObjectName> registered = new ArrayList<>();
    private Readings latest;
    private long latestAt;

    Beans(Supplier<Readings> readings) {
        this.readings = readings;
    }

    synchronized void register() {
        try {
            for (Family family : Family.values()) {
                ObjectName name = new ObjectName("org.bolide:type=Metrics,name=" + family.shown());
                server.registerMBean(new Bean(family), name);
                registered.add(name);
            }
            latest = null; // the server has looked at the attributes, too early
        } catch (JMException e) {
            unregister();
            throw new IllegalStateException("the metrics cannot be shown by JMX: " + e.getMessage(), e);
        }
    }

    synchronized void unregister() {
        for (ObjectName name : registered) {
            try {
                server.unregisterMBean(name);
            } catch (JMException e) {
                throw new IllegalStateException(name + " was taken away by somebody else", e);
            }
        }
        registered.clear();
    }

    /** Who reads all MBeans asks the services once. */
    private synchronized Readings fresh() {
        if (latest == null || System.nanoTime() - latestAt > FRESH_NANOS) {
            latest = readings.get();
            latestAt = System.nanoTime();
        }
        return latest;
    }

    private static Map<String, Number> values(Family family, Readings now) {
        Map<String, Number> values = new LinkedHashMap<>();
        now.numbers(family).forEach((labels, value) -> values.put(label(family, labels, "Value"), value));
        now.times(family).forEach((labels, times) -> {
            values.put(label(family, labels, "") + "Count", times.count());
            values.put(label(family, labels, "") + "SumSeconds", times.total().toNanos() / 1e9);
        });
        return values;
    }

    private static String label(Family family, List<String> values, String without) {
        if (values.isEmpty()) {
            return without;
        }
        StringJoiner text = new StringJoiner(" ", "", family.type() == Family.Type.HISTOGRAM ? " " : "");
        for (int i = 0; i < values.size(); i++) {
            text.add(family.labels().get(i) + "=" + values.get(i));
        }
        return text.toString();
    }

    private final class Bean implements DynamicMBean {

        private final Family family;

        Bean(Family family) {
            this.family = family;
        }

        @Override
        public Object getAttribute(String attribute) throws AttributeNotFoundException {
            Number value = values(family, fresh()).get(attribute);
            if (value == null) {
                throw new AttributeNotFoundException(attribute);
            }
            return value;
        }

        @Override
        public AttributeList getAttributes(String[] attributes) {
            Map<String, Number> values = values(family, fresh());
            AttributeList found = new AttributeList();
            for (String attribute : attributes) {
                if (values.containsKey(attribute)) {
                    found.add(new Attribute(attribute, values.get(attribute)));
                }
            }
            return found;
        }

        @Override
        public MBeanInfo getMBeanInfo() {
            MBeanAttributeInfo[] attributes = values(family, fresh()).entrySet().stream()
                    .map(value -> new MBeanAttributeInfo(value.getKey(), value.getValue().getClass().getName(), family.help(), true, false, false))
                    .toArray(MBeanAttributeInfo[]::new);
            return new MBeanInfo(Beans.class.getName(), family.help(), attributes, null, null, null);
        }

        @Override
        public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
            throw new AttributeNotFoundException("a metric cannot be set");
        }

        @Override
        public AttributeList setAttributes(AttributeList attributes) {
            return new AttributeList();
        }

        @Override
        public Object invoke(String actionName, Object[] parameters, String[] signature) {
            throw new UnsupportedOperationException("a metric has no operations");
        }
    }
}
