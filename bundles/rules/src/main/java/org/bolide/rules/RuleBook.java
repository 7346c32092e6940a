package org.bolide.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.bolide.api.EventValidator;
import org.bolide.api.FilterLanguage;
import org.bolide.api.RelayPolicy;
import org.bolide.api.management.Counters;
import org.bolide.api.management.Rules;
import org.bolide.rules.InForce.Held;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps all rules and sees to it that they are in force. The validator is one service as long as there are accept rules,
 * whatever becomes of them: no event finds it missing between two of their states. The relay policy is a new service with
 * each change, and the former goes when that has come. Without rules there is neither.
 */
@Component(service = {RuleBook.class, Rules.class, Counters.class}, immediate = true, property = "bolide.component=rules")
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"org.bolide.api.EventValidator\"") // registered by hand
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>=\"org.bolide.api.RelayPolicy\"")
public final class RuleBook implements Rules, Counters {

    private static final Logger LOG = LoggerFactory.getLogger(RuleBook.class);

    private final Registrar registrar;
    private final AcceptPolicy validator = new AcceptPolicy();
    private final Map<String, FilterLanguage> languages = new ConcurrentHashMap<>();
    /** What the files say, by {@link Rule.Head#key}; the monitor guards it. */
    private final Map<String, Held> held = new HashMap<>();

    private final AtomicInteger changes = new AtomicInteger();
    // touched by the one thread that just brings changes into force
    private Optional<Runnable> validatorService = Optional.empty();
    private Optional<Runnable> policyService = Optional.empty();

    private volatile InForce inForce = InForce.NOTHING;

    /** How a service is registered; what is returned takes it back. */
    interface Registrar {

        Runnable register(Class<?> type, Object service);
    }

    @Activate
    public RuleBook(BundleContext context) {
        this((type, service) -> context.registerService(type.getName(), service, null)::unregister);
    }

    RuleBook(Registrar registrar) {
        this.registrar = registrar;
    }

    @Deactivate
    void stop() {
        synchronized (held) {
            held.clear();
        }
        bringIntoForce();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindLanguage(FilterLanguage language, Map<String, Object> properties) {
        languages.put(nameOf(properties), language);
        bringIntoForce();
    }

    void unbindLanguage(FilterLanguage language, Map<String, Object> properties) {
        if (languages.remove(nameOf(properties), language)) { // a newer one may have come first
            bringIntoForce();
        }
    }

    private static String nameOf(Map<String, Object> properties) {
        return String.valueOf(properties.get(FilterLanguage.LANGUAGE));
    }

    /** A new rule. If its filter cannot be used it stands in its place nevertheless, and lets nothing pass. */
    void add(Rule rule) {
        synchronized (held) {
            held.put(rule.head().key(), new Held(rule, new Tally()));
        }
        bringIntoForce();
    }

    /**
     * A rule whose file was edited. What is wrong with the edit is said, and what was in force stays: a value that is not
     * allowed, or a filter that cannot be used while the former one can.
     */
    void edit(Supplier<? extends Rule> edited) {
        try {
            change(edited.get());
        } catch (IllegalArgumentException e) {
            // Thrown on, the component runtime would only say that some method has thrown.
            LOG.error("{} (refused; what was in force stays in force)", e.getMessage());
        }
    }

    private void change(Rule rule) {
        String key = rule.head().key();
        LiveRule<?> trial = LiveRule.of(rule, new Tally(), languages);
        boolean canBeUsed = inForce.all()
                .anyMatch(live -> live.rule().head().key().equals(key) && live.filter().fault().isEmpty());
        if (trial.isWrong() && canBeUsed) {
            throw new IllegalArgumentException(trial.filter().fault().orElseThrow());
        }
        synchronized (held) {
            held.computeIfPresent(key, (same, before) -> new Held(rule, before.tally()));
        }
        bringIntoForce();
    }

    /** A rule whose file is gone. */
    void remove(Kind kind, RuleFile file) {
        synchronized (held) {
            held.remove(file.key(kind));
        }
        bringIntoForce();
    }

    /** Runs foreign code, so without a lock: a thread that finds another at it leaves its change to that one. */
    private void bringIntoForce() {
        if (changes.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        try {
            while (seen > 0) {
                List<Held> rules;
                synchronized (held) {
                    rules = List.copyOf(held.values());
                }
                bringIntoForce(inForce.next(rules, Map.copyOf(languages)));
                seen = changes.addAndGet(-seen);
            }
        } finally {
            if (seen > 0) {
                changes.set(0); // it has failed: the next change tries again
            }
        }
    }

    private void bringIntoForce(InForce now) {
        InForce before = inForce;
        validator.use(now.accept());
        if (now.accept().isEmpty()) {
            validatorService.ifPresent(Runnable::run);
            validatorService = Optional.empty();
        } else if (validatorService.isEmpty()) {
            validatorService = Optional.of(registrar.register(EventValidator.class, validator));
        }
        if (now.relaysOtherwise(before)) {
            Optional<Runnable> former = policyService;
            boolean isNone = now.relay().isEmpty() && now.filter().isEmpty();
            policyService = isNone
                    ? Optional.empty()
                    : Optional.of(registrar.register(RelayPolicy.class, new AudiencePolicy(now.relay(), now.filter())));
            former.ifPresent(Runnable::run);
        }
        inForce = now;
        now.log(before);
    }

    @Override
    public List<RuleStatus> rules() {
        return inForce.all().map(LiveRule::status).toList();
    }

    @Override
    public SortedMap<String, Long> counters() {
        SortedMap<String, Long> counts = new TreeMap<>();
        inForce.all().forEach(live -> live.tally().addTo(counts, "rules." + live.rule().head().key()));
        return counts;
    }
}
