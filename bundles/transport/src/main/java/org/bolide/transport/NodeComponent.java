package org.bolide.transport;

import java.util.Map;
import java.util.Objects;

import org.bolide.api.FilterLanguage;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the {@link Node} inside this bundle. A changed identifier is a new node: listeners and subscriptions start
 * anew under it, those among them that had none before.
 */
@Component(name = NodeComponent.PID, configurationPid = NodeComponent.PID, configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true, service = {})
@Designate(ocd = NodeConfig.class)
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=org.bolide.transport.Node") // registered by hand
public final class NodeComponent {

    static final String PID = "org.bolide.transport";

    private static final Logger LOG = LoggerFactory.getLogger(NodeComponent.class);

    private final BundleContext context;
    private final Languages languages = new Languages();
    private Ivoid ivoid;
    private Node node;
    private ServiceRegistration<Node> registration;

    @Activate
    public NodeComponent(BundleContext context, NodeConfig config, Map<String, Object> properties) {
        this.context = context;
        this.ivoid = check(config, properties);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindLanguage(FilterLanguage language, Map<String, Object> properties) {
        languages.put(String.valueOf(properties.get(FilterLanguage.LANGUAGE)), language);
    }

    void unbindLanguage(FilterLanguage language, Map<String, Object> properties) {
        languages.remove(String.valueOf(properties.get(FilterLanguage.LANGUAGE)), language);
    }

    /** Runs when the languages that are there already are bound: nobody begins without one for want of a moment. */
    @Activate
    synchronized void publish() {
        node = new Node(ivoid, languages);
        LOG.info("This broker is {}", ivoid == null ? "without an identifier: it can subscribe, but neither receive nor broadcast" : ivoid.text());
        registration = context.registerService(Node.class, node, null);
    }

    @Modified
    synchronized void modified(NodeConfig config, Map<String, Object> properties) {
        Ivoid now;
        try {
            now = check(config, properties);
        } catch (IllegalArgumentException e) {
            Instance.of("transport", properties).refused(e);
            return;
        }
        if (!Objects.equals(now, ivoid)) {
            retract();
            ivoid = now;
            publish();
        }
    }

    @Deactivate
    synchronized void retract() {
        if (registration != null) {
            node.ending().endAll(); // before the component runtime ends those who need the node, in an order of its own
            registration.unregister();
            registration = null;
            node.close();
        }
    }

    /** Null if there is none. */
    private static Ivoid check(NodeConfig config, Map<String, Object> properties) {
        String text = config.localIvoid().strip();
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Ivoid.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(Instance.of("transport", properties).file() + ", key localIvoid (option --local-ivo): "
                    + e.getMessage());
        }
    }
}
