package org.bolide.api;

import java.net.InetAddress;
import java.util.Set;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The owner's decision on who is sent what. Registered as a service, again whenever the decision has changed: whoever
 * relays events then asks anew. Without one, everybody is sent everything and filters by XPath. Called by any thread, by
 * several at once; nothing in it blocks.
 */
@ConsumerType
public interface RelayPolicy {

    /**
     * The audience to which a subscriber belongs. Subscribers for whom the same holds get the same object.
     *
     * @param listener the name of the listener at which it has connected
     * @param address from where
     */
    Audience audienceOf(String listener, InetAddress address);

    /** Subscribers for whom the owner decided the same. */
    interface Audience {

        /** Whether these subscribers may be sent the event; computed once per event and audience. */
        boolean mayReceive(BrokerEvent event);

        /** The languages in which these subscribers may filter, see {@link FilterLanguage#LANGUAGE}. */
        Set<String> filterLanguages();
    }
}
