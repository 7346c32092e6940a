package org.bolide.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventHeader;
import org.bolide.api.SkyPosition;

/**
 * A VOTable 1.4 (IVOA Recommendation of 2019-10-21), with units, UCDs (UCD1+ 1.4) and the systems of positions and times. What an event
 * does not tell is an empty cell. The INFO {@code events} after the table says how many rows there are, as the last of the document.
 */
final class VotableFormat implements ExportFormat {

    private static final String NAMESPACE = "http://www.ivoa.net/xml/VOTable/v1.3";

    private final XMLStreamWriter xml;

    VotableFormat(OutputStream out, String query) throws IOException {
        try {
            xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
            begin(query);
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private void begin(String query) throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("VOTABLE");
        xml.writeDefaultNamespace(NAMESPACE);
        xml.writeAttribute("version", "1.4");
        xml.writeStartElement("RESOURCE");
        xml.writeAttribute("type", "results");
        info("QUERY_STATUS", "OK");
        info("query", query);
        xml.writeEmptyElement("COOSYS");
        attributes("ID", "icrs", "system", "ICRS");
        xml.writeEmptyElement("TIMESYS");
        attributes("ID", "utc", "timescale", "UTC", "refposition", "UNKNOWN");
        xml.writeStartElement("TABLE");
        xml.writeAttribute("name", "events");
        field("sequence", "long", "meta.record", "Place in the log of this broker");
        text("ivorn", "meta.id;meta.main", "Identifier");
        text("role", "meta.code.class", "observation, prediction, utility or test");
        text("stream", "meta.dataset", "What the events of one kind have in common of their identifiers");
        field("ra", "double", "pos.eq.ra;meta.main", "Right ascension", "unit", "deg", "ref", "icrs");
        field("dec", "double", "pos.eq.dec;meta.main", "Declination", "unit", "deg", "ref", "icrs");
        field("error", "double", "stat.error;pos.eq", "Radius of the circle of error around the position", "unit", "deg");
        time("time", "time.epoch", "When it was observed");
        time("author_datetime", "time.creation", "When its author wrote it");
        time("received", "time.processing", "When this broker had received it");
        xml.writeStartElement("DATA");
        xml.writeStartElement("TABLEDATA");
    }

    private void info(String name, String value) throws XMLStreamException {
        xml.writeEmptyElement("INFO");
        attributes("name", name, "value", value);
    }

    private void text(String name, String ucd, String description) throws XMLStreamException {
        field(name, "unicodeChar", ucd, description, "arraysize", "*");
    }

    private void time(String name, String ucd, String description) throws XMLStreamException {
        field(name, "char", ucd, description, "arraysize", "*", "xtype", "timestamp", "ref", "utc");
    }

    private void field(String name, String type, String ucd, String description, String... more) throws XMLStreamException {
        xml.writeStartElement("FIELD");
        attributes("name", name, "datatype", type, "ucd", ucd);
        attributes(more);
        xml.writeStartElement("DESCRIPTION");
        xml.writeCharacters(description);
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private void attributes(String... namesAndValues) throws XMLStreamException {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            xml.writeAttribute(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    @Override
    public void event(BrokerEvent event) throws IOException {
        EventHeader header = event.header();
        Optional<SkyPosition> position = Sky.equatorial(header);
        try {
            xml.writeCharacters("\n");
            xml.writeStartElement("TR");
            cell(Long.toString(event.sequence()));
            cell(header.identifier().orElse(""));
            cell(header.role().orElse(""));
            cell(Answers.bare(header.stream()));
            cell(position.map(at -> Double.toString(at.longitude())).orElse(""));
            cell(position.map(at -> Double.toString(at.latitude())).orElse(""));
            cell(position.filter(at -> at.errorRadius().isPresent()).map(at -> Double.toString(at.errorRadius().getAsDouble())).orElse(""));
            cell(header.observedAt().map(VotableFormat::time).orElse(""));
            cell(header.authoredAt().map(VotableFormat::time).orElse(""));
            cell(time(event.receivedAt()));
            xml.writeEndElement();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private void cell(String text) throws XMLStreamException {
        xml.writeStartElement("TD");
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).toString();
    }

    @Override
    public void end(long events) throws IOException {
        try {
            xml.writeCharacters("\n");
            xml.writeEndElement(); // TABLEDATA
            xml.writeEndElement(); // DATA
            xml.writeEndElement(); // TABLE
            info("events", Long.toString(events));
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }
}
