package org.bolide.filtering.xquery;

import java.util.List;
import java.util.Set;

import javax.xml.transform.stream.StreamResult;

import net.sf.saxon.Configuration;
import net.sf.saxon.expr.StaticContext;
import net.sf.saxon.expr.parser.XPathParser;
import net.sf.saxon.lib.EnvironmentVariableResolver;
import net.sf.saxon.lib.Feature;
import net.sf.saxon.lib.Logger;
import net.sf.saxon.regex.RegularExpression;
import net.sf.saxon.str.UnicodeString;
import net.sf.saxon.trans.DynamicLoader;
import net.sf.saxon.trans.XPathException;
import net.sf.saxon.type.TypeHierarchy;
import org.slf4j.LoggerFactory;

/**
 * Saxon, shut in. It can read files, the network and the environment, load classes by name, and print; here every way to
 * these refuses, though the parser and the list of functions lead to none of them.
 */
final class ClosedSaxon extends Configuration {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ClosedSaxon.class);

    ClosedSaxon() {
        setResourceResolver(request -> {
            throw refused();
        });
        setUnparsedTextURIResolver((uri, encoding, saxon) -> {
            throw refused();
        });
        setCollectionFinder((context, uri) -> {
            throw refused();
        });
        setModuleURIResolver((module, base, locations) -> {
            throw refused();
        });
        // Else a collation's URI names a Java class.
        setCollationURIResolver((uri, saxon) -> {
            throw new XPathException("the only collation of filters is the one by code points", "XQST0038");
        });
        setDynamicLoader(new NoClasses());
        setConfigurationProperty(Feature.ENVIRONMENT_VARIABLE_RESOLVER, new NoEnvironment());
        setConfigurationProperty(Feature.ALLOW_EXTERNAL_FUNCTIONS, false);
        // Not "", which means that all are allowed.
        setConfigurationProperty(Feature.ALLOWED_PROTOCOLS, "none");
        setConfigurationProperty(Feature.ALLOW_SYNTAX_EXTENSIONS, false);
        setErrorReporterFactory(saxon -> error -> LOG.debug("{}", error.getMessage()));
        setLogger(new Silent());
    }

    private static XPathException refused() {
        return new XPathException("a filter reads nothing but the event", "XPST0017");
    }

    @Override
    public XPathParser newExpressionParser(String language, boolean updating, StaticContext context) throws XPathException {
        return language.equals("XQ") && !updating ? new FilterParser(context)
                : super.newExpressionParser(language, updating, context);
    }

    /** Asked for by nearly every expression that checks its type. */
    @Override
    public TypeHierarchy getTypeHierarchy() {
        Compilation.step();
        return super.getTypeHierarchy();
    }

    @Override
    public RegularExpression compileRegularExpression(UnicodeString pattern, String flags, String language,
            List<String> warnings) throws XPathException {
        return MeteredRegex.compile(this, pattern, flags, language, warnings);
    }

    /** Saxon's own, which {@link MeteredRegex} is made of. */
    RegularExpression compileUnmetered(UnicodeString pattern, String flags, String language, List<String> warnings)
            throws XPathException {
        return super.compileRegularExpression(pattern, flags, language, warnings);
    }

    private static final class NoEnvironment implements EnvironmentVariableResolver {

        @Override
        public Set<String> getAvailableEnvironmentVariables() {
            return Set.of();
        }

        @Override
        public String getEnvironmentVariable(String name) {
            return null;
        }
    }

    /** Saxon's own resources and no class by name. */
    private static final class NoClasses extends DynamicLoader {

        @Override
        public Class<?> getClass(String name, Logger trace, ClassLoader loader) throws XPathException {
            throw refused();
        }

        @Override
        public Object getInstance(String name, ClassLoader loader) throws XPathException {
            throw refused();
        }

        @Override
        public Object getInstance(String name, Logger trace, ClassLoader loader) throws XPathException {
            throw refused();
        }
    }

    private static final class Silent extends Logger {

        @Override
        public void println(String message, int severity) {
            LOG.debug("{}", message);
        }

        @Override
        public StreamResult asStreamResult() {
            throw new UnsupportedOperationException("nothing is written");
        }
    }
}
