package org.bolide.broker;

import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import javax.xml.namespace.QName;

import org.bolide.api.Vocabulary;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who reads which root element. There is none without a vocabulary, and so no intake: an event that came too early would be refused for good. */
@Component(service = Vocabularies.class)
public final class Vocabularies {

    private static final Logger LOG = LoggerFactory.getLogger(Vocabularies.class);

    private record Root(Vocabulary vocabulary, long serviceId) {}

    private final Map<String, Root> roots = new ConcurrentHashMap<>();

    @Reference(cardinality = ReferenceCardinality.AT_LEAST_ONE, policy = ReferencePolicy.DYNAMIC)
    void bindVocabulary(Vocabulary vocabulary, Map<String, Object> properties) {
        Root root = new Root(vocabulary, (Long) properties.get("service.id"));
        for (String name : names(properties)) {
            Root other = roots.putIfAbsent(name, root);
            if (other != null && other.serviceId != root.serviceId) {
                LOG.warn("two vocabularies read {}: the first one stays in charge", name);
            }
        }
    }

    void updatedVocabulary(Vocabulary vocabulary, Map<String, Object> properties) {
        unbindVocabulary(vocabulary, properties);
        bindVocabulary(vocabulary, properties);
    }

    void unbindVocabulary(Vocabulary vocabulary, Map<String, Object> properties) {
        roots.values().removeIf(root -> root.serviceId == (Long) properties.get("service.id"));
    }

    private static String[] names(Map<String, Object> properties) {
        Object names = properties.get(Vocabulary.ROOTS);
        return names instanceof String[] several ? several : new String[] {String.valueOf(names)};
    }

    Optional<Vocabulary> find(QName name) {
        return Optional.ofNullable(roots.get("{" + name.getNamespaceURI() + "}" + name.getLocalPart())).map(Root::vocabulary);
    }

    /** That nobody reads this, for people. */
    String nobodyReads(QName name) {
        return "no vocabulary here reads %s; known are %s".formatted(name, String.join(", ", new TreeSet<>(roots.keySet())));
    }
}
