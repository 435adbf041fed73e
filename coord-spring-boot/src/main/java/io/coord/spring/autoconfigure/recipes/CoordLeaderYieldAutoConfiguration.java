package io.coord.spring.autoconfigure.recipes;

import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.leader.LeaderRoles;
import io.coord.spring.leader.LeaderYield;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;

/** Auto-configuration of applications that give their roles up while they are unhealthy. */
@AutoConfiguration(
        after = CoordRecipesAutoConfiguration.class,
        afterName = "org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration")
@ConditionalOnBean(LeaderRoles.class)
@ConditionalOnProperty(CoordLeaderYieldAutoConfiguration.KEY)
public final class CoordLeaderYieldAutoConfiguration {

    static final String KEY = "coord.leader.yield-when.health";

    /** What is asked for must not be left out in silence. */
    @Bean
    SmartInitializingSingleton leaderYieldNeedsHealth(ObjectProvider<LeaderYield> yield, CoordProperties properties) {
        return () -> {
            if (yield.getIfAvailable() == null) {
                throw new InvalidConfigurationPropertyValueException(
                        KEY,
                        properties.leader().yieldWhen().health(),
                        "There is no health endpoint that could be asked. Add 'spring-boot-starter-actuator', and expose"
                                + " the endpoint 'health'.");
            }
        };
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthEndpoint.class)
    @ConditionalOnBean(HealthEndpoint.class)
    static class HealthConfiguration {

        private static final Logger logger = LoggerFactory.getLogger(LeaderYield.class);

        private static final Set<Status> UNHEALTHY = Set.of(Status.DOWN, Status.OUT_OF_SERVICE);

        @Bean
        LeaderYield leaderYield(LeaderRoles roles, HealthEndpoint health, CoordProperties properties) {
            CoordProperties.YieldWhen when = properties.leader().yieldWhen();
            return new LeaderYield(
                    roles,
                    reading(health, String.valueOf(when.health())),
                    new LeaderYield.Settings(
                            when.downFor(), when.upFor(), when.checkInterval(), properties.requestTimeout()));
        }

        private static BooleanSupplier reading(HealthEndpoint health, String name) {
            String[] path = StringUtils.tokenizeToStringArray(name, "/");
            return () -> !UNHEALTHY.contains(read(health, name, path).getStatus());
        }

        private static HealthDescriptor read(HealthEndpoint health, String name, String[] path) {
            HealthDescriptor found = path.length == 0 ? null : health.healthForPath(path);
            if (found == null) {
                throw new InvalidConfigurationPropertyValueException(
                        KEY,
                        name,
                        "The application's health has no such part or group. Use the name of a health indicator, such as"
                                + " 'db', or of a group, such as 'readiness'.");
            }
            return found;
        }

        /** Asked once at the start, so that a name that is none is found then. */
        @Bean
        SmartInitializingSingleton leaderYieldCheck(HealthEndpoint health, CoordProperties properties) {
            String name = String.valueOf(properties.leader().yieldWhen().health());
            return () -> {
                try {
                    read(health, name, StringUtils.tokenizeToStringArray(name, "/"));
                } catch (InvalidConfigurationPropertyValueException e) {
                    throw e;
                } catch (RuntimeException e) {
                    logger.warn("The health '{}', which decides about leading, cannot be read at the start", name, e);
                }
            };
        }

        /** Ends before the roles are given up for good. */
        @Bean
        ReadyLifecycle leaderYieldLifecycle(LeaderYield yield, ApplicationContext context) {
            return new ReadyLifecycle(context, RecipeBeansLifecycle.PHASE + 2, yield::start, yield::close);
        }
    }
}
