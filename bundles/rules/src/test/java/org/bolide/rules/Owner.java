package org.bolide.rules;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.DetachedEvent;
import org.bolide.api.EventHeader;
import org.bolide.api.EventValidator;
import org.bolide.api.FilterLanguage;
import org.bolide.api.Reading;
import org.bolide.api.RefusedException;
import org.bolide.api.RelayPolicy;
import org.bolide.api.Submission;
import org.bolide.api.management.Rules.RuleStatus;
import org.bolide.testkit.SampleEvents;

/** An owner who writes rules as files, and what becomes of events and subscribers by them; the services are in lists. */
final class Owner {

    static final String AUTHOR = "192.0.2.7:41234";
    private static final Map<String, Object> XPATH = Map.of(FilterLanguage.LANGUAGE, "xpath");

    final List<EventValidator> validators = new CopyOnWriteArrayList<>();
    final List<RelayPolicy> policies = new CopyOnWriteArrayList<>();
    /** Called after each service that comes or goes. */
    final List<Runnable> onService = new ArrayList<>();
    final RuleBook book = new RuleBook(this::register);

    private final Map<String, Runnable> deletions = new HashMap<>();
    private final Map<String, Consumer<Map<String, ?>>> edits = new HashMap<>();

    private Runnable register(Class<?> type, Object service) {
        if (type == EventValidator.class) {
            validators.add((EventValidator) service);
        } else {
            policies.add((RelayPolicy) service);
        }
        onService.forEach(Runnable::run);
        return () -> {
            validators.remove(service);
            policies.remove(service);
            onService.forEach(Runnable::run);
        };
    }

    JdkXPath install() {
        JdkXPath language = new JdkXPath();
        install(language);
        return language;
    }

    void install(FilterLanguage language) {
        book.bindLanguage(language, XPATH);
    }

    void uninstall(FilterLanguage language) {
        book.unbindLanguage(language, XPATH);
    }

    /** Writes a file: a new one starts a component, a second one of the name is an edit. */
    Owner accept(String name, Map<String, ?> values) {
        return write(AcceptRuleComponent.PID, name, values, () -> {
            AcceptRuleComponent component = new AcceptRuleComponent(
                    book, config(AcceptRuleComponent.Config.class, values), properties(AcceptRuleComponent.PID, name));
            deletions.put(AcceptRuleComponent.PID + name, component::deactivate);
            return edit -> component.modified(config(AcceptRuleComponent.Config.class, edit));
        });
    }

    Owner relay(String name, Map<String, ?> values) {
        return write(RelayRuleComponent.PID, name, values, () -> {
            RelayRuleComponent component = new RelayRuleComponent(
                    book, config(RelayRuleComponent.Config.class, values), properties(RelayRuleComponent.PID, name));
            deletions.put(RelayRuleComponent.PID + name, component::deactivate);
            return edit -> component.modified(config(RelayRuleComponent.Config.class, edit));
        });
    }

    Owner filter(String name, Map<String, ?> values) {
        return write(FilterRuleComponent.PID, name, values, () -> {
            FilterRuleComponent component = new FilterRuleComponent(
                    book, config(FilterRuleComponent.Config.class, values), properties(FilterRuleComponent.PID, name));
            deletions.put(FilterRuleComponent.PID + name, component::deactivate);
            return edit -> component.modified(config(FilterRuleComponent.Config.class, edit));
        });
    }

    private interface Start {
        Consumer<Map<String, ?>> component();
    }

    private Owner write(String pid, String name, Map<String, ?> values, Start start) {
        Consumer<Map<String, ?>> edit = edits.get(pid + name);
        if (edit == null) {
            edits.put(pid + name, start.component());
        } else {
            edit.accept(values);
        }
        return this;
    }

    void delete(String pid, String name) {
        edits.remove(pid + name);
        deletions.remove(pid + name).run();
    }

    private static Map<String, Object> properties(String pid, String name) {
        return Map.of("service.pid", pid + "~" + name);
    }

    private static <A> A config(Class<A> type, Map<String, ?> values) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> values.containsKey(method.getName()) ? values.get(method.getName())
                        : method.getDefaultValue()));
    }

    static String[] list(String... entries) {
        return entries;
    }

    static BrokerEvent event(String identifier, String role) {
        EventHeader header = new EventHeader(new QName("VOEvent"), Optional.of(identifier), Optional.of(role), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        byte[] content = SampleEvents.event(identifier).role(role).contactName("KSK").bytes();
        return new DetachedEvent(new Reading(header, List.of()), ByteBuffer.wrap(content), AUTHOR, Instant.now());
    }

    static BrokerEvent test() {
        return event("ivo://test.author/rules#1", "test");
    }

    /** Empty if the event may enter, else what its author reads; {@code later} if it is to try again. */
    String submit(BrokerEvent event, Submission.Origin origin, String source) {
        try {
            for (EventValidator validator : validators) {
                validator.validate(event, new Submission(event.content(), origin, source, source, Optional.empty(), false));
            }
            return "";
        } catch (RefusedException e) {
            return e.getMessage();
        } catch (IllegalStateException e) {
            return "later";
        }
    }

    String submit(BrokerEvent event) {
        return submit(event, Submission.Origin.AUTHOR, AUTHOR);
    }

    RelayPolicy.Audience audience(String listener, String address) {
        return policies.get(policies.size() - 1).audienceOf(listener, address(address));
    }

    boolean isSent(BrokerEvent event, String address) {
        return audience("broadcaster.public", address).mayReceive(event);
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    RuleStatus status(String name) {
        return book.rules().stream().filter(rule -> rule.name().equals(name)).findFirst().orElseThrow();
    }

    long count(String name) {
        return book.counters().get("rules." + name);
    }
}
