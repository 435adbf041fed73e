package io.coord.spring.cloud;

import org.springframework.cloud.client.serviceregistry.AutoServiceRegistration;

/**
 * Tells Spring Cloud that the application registers itself. Nothing is done here: the application's own lifecycle registers last of all
 * and deregisters first of all.
 */
final class CoordAutoServiceRegistration implements AutoServiceRegistration {}
