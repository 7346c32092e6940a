package org.bolide.vocabulary.xml;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.FilterLanguage;
import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.bolide.api.Vocabulary;
import org.bolide.api.management.Counters;
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
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link XmlVocabulary} for each configuration. It registers the vocabulary itself, once its expressions are
 * compiled, and keeps it registered while the language is away: the language is replaced whenever prefixes of
 * vocabularies change, also by this one. A thread {@code vocabulary-NAME} looks after the schema files.
 */
@Component(name = XmlVocabularyComponent.PID, configurationPid = XmlVocabularyComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
@Designate(ocd = XmlVocabularyComponent.Config.class, factory = true)
public final class XmlVocabularyComponent implements Vocabulary, Counters {

    static final String PID = "org.bolide.vocabulary.xml";

    private static final Logger LOG = LoggerFactory.getLogger(XmlVocabularyComponent.class);
    /**
     * Files are looked at, rather than watched by the operating system: that is the same on network file systems, for folders
     * that are replaced as a whole, and for links. A change is in force after one or two of these.
     */
    private static final long PERIOD_MILLIS = 500;
    private static final long STOP_SECONDS = 5;

    @ObjectClassDefinition(name = "XML vocabulary",
            description = "A kind of XML event: its root elements, its schemas, and where its header stands.")
    @interface Config {

        @AttributeDefinition(name = "Roots", description = "Root elements of the events, each as {namespace}localName.")
        String[] roots();

        @AttributeDefinition(name = "Schemas", required = false,
                description = "XSD files, and folders of them, that events are checked by; watched, so that a change takes effect"
                        + " at once. Without any, every well-formed event is good.")
        String[] schemas() default {};

        @AttributeDefinition(name = "Envelope",
                description = "Whether each root only wraps one element that the schemas declare; its own schema is then made from theirs.")
        boolean envelope() default false;

        @AttributeDefinition(name = "Prefixes", required = false,
                description = "Namespace prefixes for the expressions below and for everybody's filters, each as prefix=namespace.")
        String[] prefixes() default {};

        @AttributeDefinition(name = "Identifier", required = false, description = "XPath of the event's identifier, from its root element.")
        String identifier() default "";

        @AttributeDefinition(name = "Role", required = false, description = "XPath of the event's role.")
        String role() default "";

        @AttributeDefinition(name = "Author", required = false, description = "XPath of the author's identifier.")
        String author() default "";

        @AttributeDefinition(name = "Authored at", required = false,
                description = "XPath of the time at which the event was written; a time without zone is UTC.")
        String authoredAt() default "";

        @AttributeDefinition(name = "Observed at", required = false, description = "XPath of the time of what the event tells of.")
        String observedAt() default "";
    }

    private final BundleContext context;
    private final Path base;
    private final String pid;
    private final String name;
    private final LongAdder read = new LongAdder();
    private final LongAdder faulty = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final LongAdder refusedSchemas = new LongAdder();
    private final ScheduledExecutorService watch;
    private volatile XmlVocabulary vocabulary;
    private volatile FilterLanguage language;
    private volatile boolean started;
    /** Only for the thread of the vocabulary, and after it has ended. */
    private ServiceRegistration<?> registration;
    private Settings registered;

    @Activate
    public XmlVocabularyComponent(BundleContext context, Config config, Map<String, Object> properties) {
        this.context = context;
        base = Path.of(String.valueOf(context.getProperty("karaf.base"))).toAbsolutePath().normalize();
        pid = String.valueOf(properties.get("service.pid"));
        name = "vocabulary." + pid.substring(pid.indexOf('~') + 1);
        vocabulary = new XmlVocabulary(name, Settings.of(pid, config, base), Optional.empty(), base, refusedSchemas);
        // Discarded is only what comes after stop. There is no thread before the first task.
        watch = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, name.replace('.', '-')),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    @Activate
    void start() {
        vocabulary.use(language);
        vocabulary.load();
        if (!vocabulary.isReady()) {
            LOG.info("{}: waits for the filter language of its expressions", name);
        }
        started = true;
        // Not here: the language is replaced when prefixes are registered, and would wait for this method to end.
        watch.execute(this::adopt);
        watch.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Modified
    void modified(Config config) {
        try {
            XmlVocabulary next = new XmlVocabulary(name, Settings.of(pid, config, base), Optional.of(vocabulary), base, refusedSchemas);
            next.use(language);
            next.load();
            vocabulary = next;
            watch.execute(this::adopt);
            LOG.info("{}: new settings are in force", name);
        } catch (IllegalArgumentException e) {
            LOG.error("{} (refused; what was in force stays in force)", e.getMessage());
        }
    }

    @Deactivate
    void stop() throws InterruptedException {
        watch.shutdownNow();
        if (!watch.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("{}: still reads its schemas after {} s", name, STOP_SECONDS);
        }
        if (registration != null) {
            registration.unregister();
            registration = null;
        }
    }

    @Reference(target = "(" + FilterLanguage.LANGUAGE + "=xpath)", cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindLanguage(FilterLanguage bound) {
        language = bound;
        if (started) {
            watch.execute(this::adopt);
        }
    }

    void unbindLanguage(FilterLanguage gone) {
        if (language == gone) {
            language = null;
            if (started) {
                watch.execute(this::adopt);
            }
        }
    }

    @Override
    public Reading read(ByteBuffer content) throws MalformedEventException {
        try {
            Reading reading = vocabulary.read(content);
            (reading.faults().isEmpty() ? read : faulty).increment();
            return reading;
        } catch (MalformedEventException e) {
            malformed.increment();
            throw e;
        }
    }

    @Override
    public SortedMap<String, Long> counters() {
        return new TreeMap<>(Map.of("events.good", read.sum(), "events.faulty", faulty.sum(), "events.malformed", malformed.sum(),
                "schemas.refused", refusedSchemas.sum()));
    }

    /** Brings expressions and registration up to date with the settings and the language. */
    private void adopt() {
        XmlVocabulary current = vocabulary;
        try {
            current.use(language);
        } catch (IllegalArgumentException e) {
            LOG.error("{} (nothing of this vocabulary can be read; correct the file)", e.getMessage());
        }
        if (registration == null && !current.isReady()) {
            return;
        }
        Settings settings = current.settings();
        if (registration == null) {
            registration = context.registerService(new String[] {Vocabulary.class.getName(), Counters.class.getName()}, this,
                    properties(settings));
            LOG.info("{}: events with the root {} are read", name, settings.roots());
        } else if (!settings.roots().equals(registered.roots()) || !settings.prefixes().equals(registered.prefixes())) {
            registration.setProperties(properties(settings));
        }
        registered = settings;
    }

    private Dictionary<String, Object> properties(Settings settings) {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of("bolide.component", name, ROOTS, settings.roots().stream()
                .map(root -> "{" + root.getNamespaceURI() + "}" + root.getLocalPart()).toArray(String[]::new)));
        if (!settings.prefixes().isEmpty()) {
            properties.put(PREFIXES, settings.prefixes().entrySet().stream().map(Object::toString).toArray(String[]::new));
        }
        return properties;
    }

    private void look() {
        try {
            vocabulary.look();
        } catch (RuntimeException e) {
            LOG.error("{}: looking after the schemas failed; what was in force stays in force", name, e);
        }
    }
}
