package org.bolide.itests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import javax.inject.Inject;

import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;
import static org.bolide.itests.Eventually.eventually;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

/** The archive starts whole, and its bundles know each other only through the API. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class BootIT {
    private static final String API = "org.bolide.api";

    @Inject
    private BundleContext context;

    @Configuration
    public Option[] configuration() {
        return Archive.inside();
    }

    @Before
    public void awaitBoot() throws Exception {
        eventually("the features are installed", Duration.ofSeconds(60),
                () -> context.getServiceReference("org.apache.karaf.features.BootFinished") != null);
        eventually("every bundle is active", Duration.ofSeconds(10), () -> notActive().isEmpty());
    }

    @Test
    public void shouldHaveEveryBundleActive() {
        assertEquals(Map.of(), notActive());
        assertEquals(List.of("org.bolide.broker"), names(ours().stream().filter(b -> b.getSymbolicName().endsWith(".broker"))));
    }

    /** It takes resolver hooks back when it begins anew; a bundle that is just being resolved would fail. */
    @Test
    public void shouldHaveTheFeaturesServiceBeginOnceAndLast() throws Exception {
        int features = Stream.of(context.getBundles()).filter(b -> b.getSymbolicName().equals("org.apache.karaf.features.core"))
                .mapToInt(BootIT::startLevel).findFirst().orElseThrow();
        assertEquals(List.of(), names(ours().stream().filter(b -> startLevel(b) >= features)));
        // Services are numbered as they come: both that it needs are there before it, at levels 5 and 10, and stay.
        long handler = number("org.osgi.service.url.URLStreamHandlerService", "(url.handler.protocol=mvn)");
        long configurations = number("org.osgi.service.cm.ConfigurationAdmin", null);
        assertTrue(handler + " < " + configurations, handler < configurations);
    }

    @Test
    public void shouldExportPackagesFromTheApiAlone() {
        List<String> exporters = names(ours().stream().filter(b -> !exportedPackages(b).isEmpty()));
        assertEquals(List.of(API), exporters);
    }

    @Test
    public void shouldWireOurBundlesToTheApiAndNeverToASibling() {
        List<String> forbidden = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            for (BundleWire wire : wires(bundle)) {
                String provider = wire.getProvider().getBundle().getSymbolicName();
                if (provider.startsWith("org.bolide.") && !provider.equals(API) && wire.getProvider().getBundle() != bundle) {
                    forbidden.add(bundle.getSymbolicName() + " -> " + wire.getCapability());
                }
            }
        }
        assertEquals(List.of(), forbidden);
    }

    @Test
    public void shouldWireTheBrokerToTheApi() {
        Bundle broker = ours().stream().filter(b -> b.getSymbolicName().equals("org.bolide.broker")).findFirst().orElseThrow();
        assertFalse("no wire to the API: this test would see nothing", wires(broker).stream()
                .map(w -> w.getProvider().getBundle().getSymbolicName()).filter(API::equals).collect(toSet()).isEmpty());
    }

    private long number(String service, String filter) throws InvalidSyntaxException {
        return (Long) context.getAllServiceReferences(service, filter)[0].getProperty(Constants.SERVICE_ID);
    }

    private static int startLevel(Bundle bundle) {
        return bundle.adapt(BundleStartLevel.class).getStartLevel();
    }

    private Map<String, Integer> notActive() {
        Map<String, Integer> states = new TreeMap<>();
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
            // Those of the HTTP server wait above it until there is a page.
            boolean waits = startLevel(bundle) > context.getBundle(0).adapt(FrameworkStartLevel.class).getStartLevel();
            if (!waits && bundle.getState() != (fragment ? Bundle.RESOLVED : Bundle.ACTIVE)) {
                states.put(bundle.getSymbolicName(), bundle.getState());
            }
        }
        return states;
    }

    private List<Bundle> ours() {
        return Stream.of(context.getBundles())
                .filter(b -> b.getSymbolicName() != null && b.getSymbolicName().startsWith("org.bolide."))
                .collect(toList());
    }

    private static List<String> names(Stream<Bundle> bundles) {
        return bundles.map(Bundle::getSymbolicName).sorted().collect(toList());
    }

    private static List<BundleCapability> exportedPackages(Bundle bundle) {
        return bundle.adapt(BundleRevision.class).getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE);
    }

    private static List<BundleWire> wires(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        return wiring == null ? List.of() : wiring.getRequiredWires(null);
    }
}
