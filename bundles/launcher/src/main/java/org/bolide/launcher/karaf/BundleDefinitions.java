package org.bolide.launcher.karaf;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

import javax.xml.stream.XMLStreamException;

import org.bolide.launcher.configuration.Definition;
import org.bolide.launcher.configuration.Definitions;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the installed bundles define. */
final class BundleDefinitions {

    private static final Logger LOG = LoggerFactory.getLogger(BundleDefinitions.class);

    private final Definitions definitions = new Definitions();

    Definitions all() {
        return definitions;
    }

    void addAll(Bundle... bundles) {
        for (Bundle bundle : bundles) {
            add(bundle);
        }
    }

    /** Reads a bundle's Metatype, without having it resolved for that. Returns the PIDs. */
    List<String> add(Bundle bundle) {
        List<String> pids = new ArrayList<>();
        Enumeration<String> paths = bundle.getEntryPaths(Definitions.FOLDER);
        for (String path : paths == null ? List.<String>of() : Collections.list(paths)) {
            if (path.endsWith(".xml")) {
                try (InputStream in = bundle.getEntry(path).openStream()) {
                    definitions.add(in).stream().map(Definition::pid).forEach(pids::add);
                } catch (IOException | XMLStreamException e) {
                    LOG.warn("cannot read {} of {}, whose configurations go unchecked: {}", path,
                            bundle.getSymbolicName(), e.getMessage());
                }
            }
        }
        return pids;
    }
}
