package org.bolide.launcher.configuration;

import java.util.List;
import java.util.Optional;

/**
 * What can be configured under one PID.
 *
 * @param pid the PID
 * @param factory whether there may be several configurations, each with a name
 * @param name a title for people
 * @param description one sentence for people
 * @param attributes the keys, in the order of the component's declaration; a handler's with those that all handlers take
 */
public record Definition(String pid, boolean factory, String name, String description, List<Attribute> attributes) {

    /** The key that makes a definition a handler's; its default is the handler's public name. */
    public static final String HANDLER_NAME = "handler.name";

    /** The attribute with this key. */
    public Optional<Attribute> attribute(String id) {
        return attributes.stream().filter(attribute -> attribute.id().equals(id)).findFirst();
    }

    /** The handler's public name, if this is a handler. */
    public Optional<String> handler() {
        return attribute(HANDLER_NAME).map(Attribute::defaultText).filter(name -> !name.isEmpty());
    }

    /** The only form of file that this PID may have. */
    public String fileName() {
        return factory ? pid + "~NAME.cfg.json" : pid + ".cfg";
    }
}
