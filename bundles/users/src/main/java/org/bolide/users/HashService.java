package org.bolide.users;

import java.util.Map;

import org.apache.karaf.jaas.modules.Encryption;
import org.apache.karaf.jaas.modules.EncryptionService;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Karaf's login module asks whether a password is right; Karaf's own such service knows no salt. */
@Component(property = "name=" + HashService.NAME)
public final class HashService implements EncryptionService, Encryption {

    static final String NAME = "bolide";

    private static final Logger LOG = LoggerFactory.getLogger(HashService.class);

    @Override
    public Encryption createEncryption(Map<String, String> parameters) {
        return this;
    }

    @Override
    public String encryptPassword(String plain) {
        return PasswordHash.of(plain.toCharArray());
    }

    @Override
    public boolean checkPassword(String given, String kept) {
        if (!PasswordHash.isHash(kept)) {
            LOG.warn("a password in etc/users.properties was not written by \"bolide user\", so nobody can log in with it:"
                    + " set it by \"bolide user password NAME\"");
            return false;
        }
        return PasswordHash.matches(given.toCharArray(), kept);
    }
}
