package org.bolide.web.http;

import java.time.Clock;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** The page is there while this is active, which needs a configuration. */
@Component(service = PageServer.class, immediate = true, configurationPid = PageServer.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PageConfig.class)
public final class PageServer {

    static final String PID = "org.bolide.web";
    static final String FILE = "etc/" + PID + ".cfg";

    private final Sessions sessions = new Sessions(Clock.systemUTC());
    private final Guard guard;

    @Activate
    public PageServer(PageConfig config) {
        guard = new Guard(names(config.hosts()), sessions);
    }

    private static Set<String> names(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[\\s,]+")).filter(name -> !name.isEmpty()).collect(Collectors.toSet());
    }

    Guard guard() {
        return guard;
    }

    Sessions sessions() {
        return sessions;
    }
}
