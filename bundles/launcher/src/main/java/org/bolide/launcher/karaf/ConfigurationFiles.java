package org.bolide.launcher.karaf;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.felix.fileinstall.ArtifactInstaller;
import org.bolide.launcher.configuration.Checker;
import org.bolide.launcher.configuration.ConfigurationFile;
import org.bolide.launcher.configuration.ConfigurationFile.Name;
import org.bolide.launcher.configuration.EtcFolders;
import org.bolide.launcher.configuration.Problem;
import org.bolide.launcher.configuration.RunFile;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the operator's files into configurations: checks them, lays the options of this run over them, and hands them to
 * Configuration Admin. What is wrong is refused and said, and what was good before stays in force. Never writes a file.
 *
 * <p>All files are read once when this starts, which is before any other bundle of ours; from then on Felix FileInstall
 * calls on its own thread when one changes. Why not Karaf's installers: docs/decisions/02-configuration.md.
 */
@Component(service = ArtifactInstaller.class, immediate = true, property = "service.ranking:Integer=1000")
public final class ConfigurationFiles implements ArtifactInstaller, BundleListener {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFiles.class);

    private final BundleContext context;
    private final ConfigurationAdmin admin;
    private final Components components;
    private final Map<String, Map<String, Object>> settings;
    private final List<String> withheld;
    private final Path installed;
    private final Path etc;
    private final BundleDefinitions definitions = new BundleDefinitions();
    private final Checker checker = new Checker(definitions.all());
    /** What is in force, by configuration. */
    private final Map<String, Path> applied = new HashMap<>();

    @Activate
    public ConfigurationFiles(BundleContext context, @Reference ConfigurationAdmin admin,
            @Reference ServiceComponentRuntime components) throws IOException {
        this(context, admin, components, Run.load());
    }

    ConfigurationFiles(BundleContext context, ConfigurationAdmin admin, ServiceComponentRuntime components, RunFile run)
            throws IOException {
        this.context = context;
        this.admin = admin;
        this.components = new Components(components);
        settings = run.settings();
        withheld = run.errand().map(RunFile.Errand::withheld).orElse(List.of());
        installed = Path.of(context.getProperty("karaf.home"), "etc");
        etc = Path.of(context.getProperty("karaf.base"), "etc");
        context.addBundleListener(this);
        definitions.addAll(context.getBundles());
        run.notes().forEach(note -> LOG.info("{}", note));
        applyAll();
    }

    @Deactivate
    void stop() {
        context.removeBundleListener(this);
    }

    private synchronized void applyAll() throws IOException {
        for (Path file : EtcFolders.files(installed, etc)) {
            apply(file);
        }
        for (String id : settings.keySet()) {
            if (!applied.containsKey(id)) {
                update(id, checker.check("options", ConfigurationFile.pid(id), settings.get(id)).values());
            }
        }
    }

    @Override
    public boolean canHandle(File artifact) {
        return EtcFolders.isOurs(artifact.toPath());
    }

    @Override
    public synchronized void install(File artifact) throws IOException {
        apply(artifact.toPath());
    }

    @Override
    public synchronized void update(File artifact) throws IOException {
        apply(artifact.toPath());
    }

    @Override
    public synchronized void uninstall(File artifact) throws IOException {
        Path file = artifact.toPath();
        Optional<Name> name = ConfigurationFile.name(file);
        if (name.isEmpty() || !file.equals(applied.get(name.get().id()))) {
            return;
        }
        String id = name.get().id();
        applied.remove(id);
        Path fallback = installed.resolve(file.getFileName());
        if (!fallback.equals(file) && Files.exists(fallback)) {
            apply(fallback);
        } else if (settings.containsKey(id)) {
            update(id, checker.check("options", name.get().pid(), settings.get(id)).values());
            LOG.info("{} is gone; what the options say of it stays", shown(file));
        } else {
            configuration(id).delete();
            LOG.info("{} is gone, and what it configured has ended", shown(file));
        }
    }

    /** A bundle that comes may bring definitions that files wait for. Called on the framework's thread. */
    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() != BundleEvent.RESOLVED) {
            return;
        }
        try {
            reconsider(event);
        } catch (IOException e) {
            LOG.error("cannot read the configuration files for the bundle {}", event.getBundle().getSymbolicName(), e);
        }
    }

    private synchronized void reconsider(BundleEvent event) throws IOException {
        List<String> pids = definitions.add(event.getBundle());
        if (pids.isEmpty()) {
            return;
        }
        for (Path file : EtcFolders.files(installed, etc)) {
            if (ConfigurationFile.name(file).filter(name -> pids.contains(name.pid())).isPresent()) {
                apply(file);
            }
        }
    }

    private void apply(Path file) throws IOException {
        Name name = ConfigurationFile.name(file).orElseThrow();
        if (withheld.contains(name.pid())) {
            return;
        }
        List<Problem> problems = new ArrayList<>();
        checker.checkName(shown(file), name).ifPresent(problems::add);
        if (problems.isEmpty()) {
            try {
                Map<String, Object> values = ConfigurationFile.read(file, this::variable).values();
                Checker.Result result = checker.check(shown(file), name.pid(), values);
                problems.addAll(result.problems());
                if (problems.isEmpty()) {
                    result.values().putAll(
                            checker.check("options", name.pid(), settings.getOrDefault(name.id(), Map.of())).values());
                    boolean changed = update(name.id(), result.values());
                    boolean before = applied.put(name.id(), file) != null;
                    if (changed) {
                        LOG.info("{} is {}", shown(file), before ? "changed, and applied" : "applied");
                    }
                    return;
                }
            } catch (IOException e) {
                problems.add(new Problem(shown(file), e.getMessage()));
            }
        }
        String consequence = applied.containsKey(name.id())
                ? "refused; what was in force stays in force"
                : "refused; nothing of it is in force";
        problems.forEach(problem -> LOG.error("{} ({})", problem, consequence));
    }

    private boolean update(String id, Map<String, Object> values) throws IOException {
        List<ComponentConfigurationDTO> failed = components.failed(id);
        if (!failed.isEmpty()) {
            // A component that could not start has no instance to which the runtime could tell the new values, and where
            // it can be told at all, the runtime does no more. So its configuration goes and comes again.
            configuration(id).delete();
            if (!components.awaitEnd(id, failed)) {
                LOG.warn("{} failed before and has not ended yet; if it does not run soon, save its file again", id);
            }
        }
        return configuration(id).updateIfDifferent(new Hashtable<>(values));
    }

    private Configuration configuration(String id) throws IOException {
        String pid = ConfigurationFile.pid(id);
        return pid.equals(id)
                ? admin.getConfiguration(id, "?")
                : admin.getFactoryConfiguration(pid, id.substring(pid.length() + 1), "?");
    }

    private String variable(String name) {
        return name.startsWith("env:") ? System.getenv(name.substring("env:".length())) : context.getProperty(name);
    }

    private String shown(Path file) {
        return file.startsWith(etc) ? "etc/" + etc.relativize(file) : file.toString();
    }
}
