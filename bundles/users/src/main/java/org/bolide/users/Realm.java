package org.bolide.users;

import java.util.Map;

import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;

import org.apache.karaf.jaas.boot.ProxyLoginModule;
import org.apache.karaf.jaas.config.JaasRealm;
import org.apache.karaf.jaas.modules.properties.PropertiesLoginModule;
import org.bolide.api.management.Users;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Karaf's login module over the users of the base directory. Karaf's own realm of the same name, which this one outranks, looks
 * into the installation's {@code etc}, takes passwords without a salt, and lets whoever has a key in without one.
 */
@Component
public final class Realm implements JaasRealm {

    private static final int ABOVE_KARAFS = 100;

    private final BundleContext context;

    @Activate
    public Realm(BundleContext context) {
        this.context = context;
    }

    @Override
    public String getName() {
        return Users.REALM;
    }

    @Override
    public int getRank() {
        return ABOVE_KARAFS;
    }

    @Override
    public AppConfigurationEntry[] getEntries() {
        long modules = FrameworkUtil.getBundle(PropertiesLoginModule.class).getBundleId();
        return new AppConfigurationEntry[] {new AppConfigurationEntry(ProxyLoginModule.class.getName(), LoginModuleControlFlag.REQUIRED, Map.of(
                BundleContext.class.getName(), context,
                ProxyLoginModule.PROPERTY_MODULE, PropertiesLoginModule.class.getName(),
                ProxyLoginModule.PROPERTY_BUNDLE, Long.toString(modules),
                "users", UserList.path(context).toString(),
                "detailed.login.exception", "false",
                "encryption.enabled", "true",
                "encryption.name", HashService.NAME))};
    }
}
