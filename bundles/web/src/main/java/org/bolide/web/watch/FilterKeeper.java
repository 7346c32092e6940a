package org.bolide.web.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

import org.bolide.api.FilterLanguage;
import org.bolide.api.KeptState;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Filters;
import org.bolide.web.http.PageServer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the {@link FilterBook} and the {@link TrialDesk} while the page is there, and tells them what comes and goes. */
@Component(service = {FilterKeeper.class, ConfigurationListener.class}, configurationPid = FilterKeeper.PID)
@Designate(ocd = FiltersConfig.class)
public final class FilterKeeper implements ConfigurationListener {

    static final String PID = "org.bolide.web.filters";

    private static final Logger LOG = LoggerFactory.getLogger(FilterKeeper.class);

    private final KeptState state;
    private final ConfigurationAdmin configurations;
    private final Path etc;
    private final FiltersConfig config;
    private final FilterLanguages languages = new FilterLanguages();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "web-filters"));
    private final TrialDesk desk;
    private volatile FilterBook book;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile Filters filters;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile Collection<Connections> connections;

    @Activate
    public FilterKeeper(BundleContext context, FiltersConfig config, @Reference PageServer page, @Reference KeptState state,
            @Reference ConfigurationAdmin configurations) {
        this.state = state;
        this.configurations = configurations;
        this.config = config;
        etc = Path.of(context.getProperty("karaf.base"), "etc");
        within("maxFilters", config.maxFilters(), 0, 10_000);
        within("trialSeconds", config.trialSeconds(), 1, 600);
        desk = new TrialDesk(() -> Optional.ofNullable(filters), InstantSource.system(), config.trialSeconds() * 1_000L);
    }

    private static void within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("etc/" + PID + ".cfg, key " + key + ": " + value + " is out of range; allowed are " + least + " to " + most);
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindLanguage(FilterLanguage language, Map<String, Object> properties) {
        languages.put(String.valueOf(properties.get(FilterLanguage.LANGUAGE)), language);
        languagesChanged();
    }

    void unbindLanguage(FilterLanguage language, Map<String, Object> properties) {
        languages.remove(String.valueOf(properties.get(FilterLanguage.LANGUAGE)), language);
        languagesChanged();
    }

    private void languagesChanged() {
        FilterBook open = book;
        if (open != null) {
            open.languagesChanged();
        }
    }

    /** Runs when the languages that are there already are bound. */
    @Activate
    void open() {
        thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        book = new FilterBook(state, languages, new RemoteSubscriptions(etc, this::operators), thread, InstantSource.system(), config.maxFilters());
        LOG.info("The page has {} filters; at most {} may be registered", book.all().size(), config.maxFilters());
        book.languagesChanged(); // one may have come between the binding and now
    }

    FilterBook book() {
        return book;
    }

    FilterLanguages languages() {
        return languages;
    }

    TrialDesk desk() {
        return desk;
    }

    /** Who is connected just now. */
    Collection<Connections> connections() {
        return connections;
    }

    /** The remote brokers that are configured, by a file or an option, and not by us. */
    private Set<RemoteBroker> operators() {
        try {
            Configuration[] found = configurations.listConfigurations("(service.factoryPid=" + RemoteSubscriptions.FACTORY + ")");
            Set<RemoteBroker> remotes = new HashSet<>();
            for (Configuration one : found == null ? new Configuration[0] : found) {
                if (!one.getPid().startsWith(RemoteSubscriptions.FACTORY + "~" + RemoteSubscriptions.NAME_PREFIX)) {
                    remote(one).ifPresent(remotes::add);
                }
            }
            return remotes;
        } catch (IOException | InvalidSyntaxException e) {
            throw new IllegalStateException("the configurations cannot be listed", e);
        }
    }

    private static Optional<RemoteBroker> remote(Configuration subscription) {
        Object host = subscription.getProperties() == null ? null : subscription.getProperties().get("host");
        Object port = subscription.getProperties() == null ? null : subscription.getProperties().get("port");
        int number = port instanceof Integer given ? given : RemoteBroker.DEFAULT_PORT;
        return host == null ? Optional.empty() : Optional.of(new RemoteBroker(host.toString().strip().replaceAll("[\\[\\]]", ""), number));
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        FilterBook open = book;
        boolean isOurs = event.getPid() != null && event.getPid().startsWith(RemoteSubscriptions.FACTORY + "~" + RemoteSubscriptions.NAME_PREFIX);
        if (open != null && RemoteSubscriptions.FACTORY.equals(event.getFactoryPid()) && !isOurs) {
            open.subscriptionsChanged();
        }
    }

    @Deactivate
    void close() {
        desk.close();
        thread.shutdown();
    }
}
