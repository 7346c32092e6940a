package org.bolide.vocabulary.xml;

import java.lang.annotation.Annotation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;

/** Vocabularies as configurations describe them. */
final class Vocabularies {

    static final String GONICUS = "http://www.gonicus.de/Events";
    /** The files that the distribution ships. */
    static final Path SHIPPED = Path.of("../../../karaf-distribution/assembly/src/main/resources").toAbsolutePath().normalize();

    private Vocabularies() {
    }

    /** Settings in the making; each method changes one and returns the same. */
    static final class Draft implements XmlVocabularyComponent.Config {

        private String[] roots = {};
        private String[] schemas = {};
        private boolean envelope;
        private String[] prefixes = {};
        private String identifier = "";
        private String role = "";
        private String author = "";
        private String authoredAt = "";
        private String observedAt = "";

        Draft roots(String... value) {
            roots = value;
            return this;
        }

        Draft schemas(String... value) {
            schemas = value;
            return this;
        }

        Draft asEnvelope() {
            envelope = true;
            return this;
        }

        Draft prefixes(String... value) {
            prefixes = value;
            return this;
        }

        Draft identifier(String value) {
            identifier = value;
            return this;
        }

        Draft role(String value) {
            role = value;
            return this;
        }

        Draft author(String value) {
            author = value;
            return this;
        }

        Draft times(String authored, String observed) {
            authoredAt = authored;
            observedAt = observed;
            return this;
        }

        Settings settings(Path base) {
            return Settings.of("org.bolide.vocabulary.xml~test", this, base);
        }

        /** The vocabulary, with the expressions compiled. */
        XmlVocabulary open(Path base) {
            XmlVocabulary vocabulary = new XmlVocabulary("vocabulary.test", settings(base), Optional.empty(), base, new LongAdder());
            vocabulary.use(new JdkXPath());
            vocabulary.load();
            return vocabulary;
        }

        @Override
        public String[] roots() {
            return roots;
        }

        @Override
        public String[] schemas() {
            return schemas;
        }

        @Override
        public boolean envelope() {
            return envelope;
        }

        @Override
        public String[] prefixes() {
            return prefixes;
        }

        @Override
        public String identifier() {
            return identifier;
        }

        @Override
        public String role() {
            return role;
        }

        @Override
        public String author() {
            return author;
        }

        @Override
        public String authoredAt() {
            return authoredAt;
        }

        @Override
        public String observedAt() {
            return observedAt;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return XmlVocabularyComponent.Config.class;
        }
    }

    /** Clacks' events by the example that the distribution ships. */
    static Draft clacks() {
        return new Draft().roots("{" + GONICUS + "}Event").asEnvelope().schemas("etc/clacks").prefixes("e=" + GONICUS)
                .author("*/e:Id").role("local-name(*)");
    }

    static Reading read(XmlVocabulary vocabulary, String document) throws MalformedEventException {
        return vocabulary.read(ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer());
    }

    static String event(String content) {
        return "<Event xmlns='" + GONICUS + "'>" + content + "</Event>";
    }
}
