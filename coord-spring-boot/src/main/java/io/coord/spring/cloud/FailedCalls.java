package io.coord.spring.cloud;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;

/** Tells of calls that did not reach an instance, or were broken off. What an instance answers, even an error, is no such call. */
final class FailedCalls implements LoadBalancerLifecycle<Object, Object, ServiceInstance> {

    private final CallableInstances<?> instances;

    FailedCalls(CallableInstances<?> instances) {
        this.instances = instances;
    }

    @Override
    public void onStart(Request<Object> request) {}

    @Override
    public void onStartRequest(Request<Object> request, Response<ServiceInstance> response) {}

    @Override
    public void onComplete(CompletionContext<Object, ServiceInstance, Object> completion) {
        Response<ServiceInstance> response = completion.getLoadBalancerResponse();
        if (completion.status() == CompletionContext.Status.FAILED
                && response != null
                && response.getServer() instanceof CoordServiceInstance called) {
            instances.noteError(called);
        }
    }
}
