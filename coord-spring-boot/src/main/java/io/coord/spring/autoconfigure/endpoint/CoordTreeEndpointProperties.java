package io.coord.spring.autoconfigure.endpoint;

import java.util.Set;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the endpoint that shows znodes.
 *
 * @param showValues When to show the data of znodes unmasked.
 * @param roles Roles of users who may see the data when "show-values" is "when-authorized". Empty for all who are authenticated.
 */
@ConfigurationProperties("management.endpoint.coordtree")
record CoordTreeEndpointProperties(
        @DefaultValue("never") Show showValues,
        @DefaultValue Set<String> roles) {}
