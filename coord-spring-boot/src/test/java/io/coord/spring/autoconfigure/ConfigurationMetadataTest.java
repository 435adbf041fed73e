package io.coord.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What development environments and Spring Boot itself find in the module's jar. */
class ConfigurationMetadataTest {

    @Test
    void everyKeyHasADescription() throws IOException {
        Map<String, JsonNode> documented = documented("/META-INF/spring-configuration-metadata.json");
        List<String> keys = PropertyKeys.of("coord", CoordProperties.class);
        assertThat(keys).contains("coord.connect-string", "coord.acl.default", "coord.server.data-dir");
        assertThat(documented.keySet()).containsAll(keys);
        for (String key : keys) {
            JsonNode description = documented.get(key).get("description");
            assertThat(description).as("description of %s", key).isNotNull();
            assertThat(description.asString())
                    .as(key)
                    .endsWith(".")
                    .doesNotStartWith("The ")
                    .doesNotStartWith("A ");
        }
    }

    @Test
    void defaultsAreDocumented() throws IOException {
        Map<String, JsonNode> documented = documented("/META-INF/spring-configuration-metadata.json");
        assertThat(documented.get("coord.session-timeout").get("defaultValue").asString())
                .isEqualTo("30s");
        assertThat(documented.get("coord.lock.wait").get("defaultValue").asString())
                .isEqualTo("30s");
        assertThat(documented
                        .get("coord.config.refresh.debounce")
                        .get("defaultValue")
                        .asString())
                .isEqualTo("500ms");
        assertThat(documented.get("coord.config.format").get("defaultValue").asString())
                .isEqualTo("keys");
        assertThat(documented.get("coord.acl.default").get("defaultValue").asString())
                .isEqualTo("open");
        assertThat(documented
                        .get("coord.server.log-segment-size")
                        .get("defaultValue")
                        .asString())
                .isEqualTo("64MB");
    }

    @Test
    void switchesOfHealthAndEndpointsAreDocumented() throws IOException {
        assertThat(documented("/META-INF/spring-configuration-metadata.json"))
                .containsKeys(
                        "management.health.coord.enabled",
                        "management.endpoint.coordlocks.access",
                        "management.endpoint.coordtree.access",
                        "management.endpoint.coordtree.show-values",
                        "management.endpoint.coordtree.roles");
    }

    @Test
    void autoConfigurationsAreListed() {
        List<String> listed =
                ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates().stream()
                        .filter(name -> name.startsWith("io.coord."))
                        .toList();
        assertThat(listed).hasSize(12).allSatisfy(name -> {
            Class<?> type = Class.forName(name);
            assertThat(type).hasAnnotation(AutoConfiguration.class).isFinal();
        });
    }

    private static Map<String, JsonNode> documented(String resource) throws IOException {
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        try (InputStream json = ConfigurationMetadataTest.class.getResourceAsStream(resource)) {
            assertThat(json).as(resource).isNotNull();
            for (JsonNode property : JsonMapper.shared().readTree(json).get("properties")) {
                properties.put(property.get("name").asString(), property);
            }
        }
        return properties;
    }
}
